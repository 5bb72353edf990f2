import { analyticsOperations } from '../../../telemetry/catalogue/analytics.js';
import { asRoots } from '../../../telemetry/rootOperation.js';
import { ATTR_HANDOFF_ROLLUP_ROWS } from '../../../telemetry/semconv.js';
import type { Archive } from '../../archive/archive.js';
import type { RollupDependencies } from './dependencies.js';
import { keepArchivedEntries, keepArchivedHandoffs, listUncounted, lockUncounted } from './sql/archiveFacts.js';

/** What of the archive rollups read. */
export type ArchiveToRead = Pick<Archive, 'find' | 'open'>;

export interface BackfillProgress {
  /** Sessions counted. */
  readonly sessions: number;
  /** Sessions whose object could not be read; they are tried again by the next backfill. */
  readonly unread: number;
}

const PAGE = 100;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Counts sessions that were archived before rollups began, from their objects. It can be stopped and repeated; the next `rollUp` makes
 * their buckets anew.
 */
export function backfill(
  deps: RollupDependencies,
  archive: ArchiveToRead,
  onProgress: (progress: BackfillProgress) => void = () => undefined,
): Promise<BackfillProgress> {
  return asRoots(deps.observe)(analyticsOperations.backfill.name, {}, async (scope) => {
    let [sessions, unread] = [0, 0];
    for (let after = FIRST_ID; ; ) {
      const page = await deps.database.query<{ readonly session_id: string }>(listUncounted, [after, PAGE]);
      for (const { session_id: sessionId } of page) {
        try {
          await countArchived(deps, archive, sessionId);
          sessions += 1;
        } catch {
          // The archive has its own records and metrics of what it cannot read.
          unread += 1;
        }
      }
      onProgress({ sessions, unread });
      const last = page.at(-1);
      if (last === undefined) break;
      after = last.session_id;
    }
    scope.add({ [ATTR_HANDOFF_ROLLUP_ROWS]: sessions });
    return { sessions, unread };
  });
}

/** Reads the object outside of the transaction, which should not wait for a store. */
async function countArchived({ database }: RollupDependencies, archive: ArchiveToRead, sessionId: string): Promise<void> {
  const described = await archive.find(sessionId);
  if (described === undefined || described.object_key === null) return;
  const opened = await archive.open(sessionId, described);
  if (opened === undefined) return;
  const entries: object[] = [];
  const handoffs: object[] = [];
  for await (const { kind, row } of opened.lines()) {
    if (kind === 'entry') entries.push(measured(JSON.parse(row) as EntryLine));
    if (kind === 'handoff') handoffs.push(JSON.parse(row) as object);
  }
  await database.transaction(async (q) => {
    const [locked] = await q.query(lockUncounted, [sessionId, described.object_key]);
    if (locked === undefined) return;
    await q.query(keepArchivedEntries, [sessionId, JSON.stringify(entries)]);
    await q.query(keepArchivedHandoffs, [sessionId, JSON.stringify(handoffs.map(withoutContent))]);
  });
}

interface EntryLine {
  readonly created_at: string;
  readonly context_type: string;
  readonly agent: string | null;
  readonly content: string;
  readonly content_size_bytes: number | null;
  readonly metadata: string | null;
}

/** Of an entry, what is counted: its content goes nowhere. */
function measured({ content, content_size_bytes: size, metadata, ...entry }: EntryLine): object {
  return {
    created_at: entry.created_at,
    context_type: entry.context_type,
    agent: entry.agent,
    bytes: size ?? Buffer.byteLength(content),
    metadata: JSON.parse(metadata ?? '{}') as unknown,
  };
}

function withoutContent(handoff: object): object {
  return { ...handoff, request_data: null, answer: null };
}
