import type { Queryable } from '../../storage/database.js';
import { readEventsToArchive } from '../sql/readSessionToArchive.js';
import type { EventToArchive, SessionToArchive } from '../sql/readSessionToArchive.js';
import { rowStatements } from '../sql/rowStatements.js';
import type { ArchivedRow, RowStatements } from '../sql/rowStatements.js';
import { ArchiveWriter, FORMAT_VERSION } from './archiveWriter.js';
import type { ArchiveObject } from './archiveWriter.js';
import type { LineCounts } from './archiveLines.js';

/** Rows that were read together, and are deleted together if they are still the same. */
export interface ReadPage {
  readonly of: RowStatements;
  readonly after: string;
  readonly upTo: string;
  readonly count: number;
  /** Sum of the hashes of the rows. */
  readonly hash: bigint;
}

/** An archive object and what it was made of. */
export interface WrittenSession extends ArchiveObject {
  readonly pages: readonly ReadPage[];
  readonly counts: LineCounts;
}

/**
 * Makes the archive object of a session, page by page: uncompressed, neither the database nor this process holds more than a page of it.
 * The compressed object is in memory whole, and twice while its parts are joined.
 */
export async function writeSession(queryable: Queryable, sessionId: string, session: SessionToArchive): Promise<WrittenSession> {
  const writer = new ArchiveWriter();
  await writer.write('archive', [JSON.stringify({ format: 'handoff-session-archive', version: FORMAT_VERSION, sessionId })]);
  await writer.write('session', [session.line]);
  const pages: ReadPage[] = [];
  const counts = { entry: 0, snapshot: 0, handoff: 0, event: 0 };
  for (const of of rowStatements) {
    let after = of.of.key.beforeAll;
    for (;;) {
      const rows = await queryable.query<ArchivedRow>(of.readPage, [sessionId, after]);
      const last = rows.at(-1);
      if (last === undefined) break;
      await writer.write(
        of.of.kind,
        rows.map(({ line }) => line),
      );
      pages.push({ of, after, upTo: last.key, count: rows.length, hash: rows.reduce((sum, { hash }) => sum + BigInt(hash), 0n) });
      counts[of.of.kind] += rows.length;
      after = last.key;
    }
  }
  const events = await queryable.query<EventToArchive>(readEventsToArchive, [sessionId]);
  counts.event = events.length;
  await writer.write(
    'event',
    events.map(({ line }) => line),
  );
  await writer.write('end', [JSON.stringify(counts)]);
  return { ...(await writer.end()), pages, counts };
}
