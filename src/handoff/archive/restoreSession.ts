import { ArchiveDamagedError } from '../../errors/archiveErrors.js';
import { archiveOperations } from '../../telemetry/catalogue/archive.js';
import { ATTR_HANDOFF_ARCHIVE_BYTES, ATTR_HANDOFF_ENTRY_COUNT, ATTR_HANDOFF_SESSION_ID } from '../../telemetry/semconv.js';
import { activeTraceparent } from '../../telemetry/traceparent.js';
import type { Queryable } from '../storage/database.js';
import { forgetArchived } from './archivedKeys.js';
import type { ArchiveDependencies } from './dependencies.js';
import { fetchCurrent, linesOf, placeOf } from './fetchObject.js';
import { lineCounts } from './format/archiveLines.js';
import { describeArchive } from './sql/describedArchive.js';
import type { ArchiveDescription, DescribedSession } from './sql/describedArchive.js';
import { finishRestore } from './sql/finishRestore.js';
import { lockSession } from './sql/lockSession.js';
import { rowStatements } from './sql/rowStatements.js';
import type { InsertedRows, RowStatements } from './sql/rowStatements.js';

export type RestoreOutcome =
  | { readonly kind: 'restored'; readonly status: string; readonly entries: number }
  | { readonly kind: 'session_not_found' }
  | { readonly kind: 'session_not_archived'; readonly status: string }
  /** Others restored or removed it meanwhile. */
  | { readonly kind: 'session_changed' };

const BATCH_CHARACTERS = 2 * 1024 * 1024;

/** Thrown to roll back. */
class ArchiveChanged extends Error {
  override readonly name = 'ArchiveChanged';
}

/**
 * Puts an archived session back: every row as it was, in the state that it had, in one transaction. Its object is deleted by a later
 * sweep. A session that would be archived again at once is left alone for as long as its policy lets a live one be idle.
 *
 * @param actor who restores it, for the lifecycle event
 * @throws ArchiveMissingError, ArchiveElsewhereError, ArchiveDamagedError, ArchiveStoreError; nothing was changed then.
 */
export function restoreSession(deps: ArchiveDependencies, sessionId: string, actor: string): Promise<RestoreOutcome> {
  return deps.observe(archiveOperations.restore.name, { [ATTR_HANDOFF_SESSION_ID]: sessionId }, async (scope) => {
    const [session] = await deps.database.query<DescribedSession>(describeArchive, [sessionId]);
    const outcome = await restoreDescribed(deps, sessionId, session, actor);
    if (outcome.kind !== 'restored') {
      scope.fail(outcome.kind);
      return outcome;
    }
    scope.add({ [ATTR_HANDOFF_ENTRY_COUNT]: outcome.entries });
    if (session !== undefined && session.object_key !== null) scope.add({ [ATTR_HANDOFF_ARCHIVE_BYTES]: session.stored_bytes });
    if (session !== undefined) await forgetArchived(deps.cache, sessionId, session.session_key);
    return outcome;
  });
}

async function restoreDescribed(
  deps: ArchiveDependencies,
  sessionId: string,
  session: DescribedSession | undefined,
  actor: string,
): Promise<RestoreOutcome> {
  if (session === undefined) return { kind: 'session_not_found' };
  const { status, archived_at: archivedAt } = session;
  if (archivedAt === null) return { kind: 'session_not_archived', status };
  // Outside the transaction, which should not wait for a store.
  const body = session.object_key === null ? undefined : await fetchCurrent(deps, sessionId, session);
  if (session.object_key !== null && body === undefined) return { kind: 'session_changed' };
  try {
    const entries = await deps.database.transaction(async (locked) => {
      await locked.query(lockSession, [sessionId]);
      const [now] = await locked.query<DescribedSession>(describeArchive, [sessionId]);
      if (now?.archived_at?.getTime() !== archivedAt.getTime() || now.object_key !== session.object_key) throw new ArchiveChanged();
      const put = session.object_key === null || body === undefined ? NOTHING_PUT : await putRows(locked, body, session);
      await locked.query(finishRestore, [sessionId, put.wasDormant, actor, activeTraceparent() ?? null]);
      return put.entries;
    });
    return { kind: 'restored', status, entries };
  } catch (error) {
    if (error instanceof ArchiveChanged) return { kind: 'session_changed' };
    throw error;
  }
}

interface PutRows {
  readonly entries: number;
  readonly wasDormant: boolean;
}

const NOTHING_PUT: PutRows = { entries: 0, wasDormant: false };

async function putRows(locked: Queryable, body: Uint8Array, description: ArchiveDescription): Promise<PutRows> {
  const place = placeOf(description);
  const batches = rowStatements.map((of) => new Batch(locked, of));
  let wasDormant = false;
  for await (const line of linesOf(body, place)) {
    if (line.kind === 'session') wasDormant = (JSON.parse(line.row) as { readonly is_dormant?: unknown }).is_dormant === true;
    await batches.find(({ of }) => of.of.kind === line.kind)?.add(line.row);
    const counts = lineCounts(line);
    if (counts === undefined) continue;
    for (const batch of batches) {
      await batch.send();
      if (batch.sent !== counts[batch.of.of.kind]) throw new ArchiveDamagedError(place, `it lacks some of its ${batch.of.of.kind} rows`);
    }
  }
  return { entries: description.entry_count, wasDormant };
}

/** Rows on their way into one table. */
class Batch {
  readonly of: RowStatements;
  readonly #locked: Queryable;
  #rows: string[] = [];
  #characters = 0;
  sent = 0;

  constructor(locked: Queryable, of: RowStatements) {
    this.#locked = locked;
    this.of = of;
  }

  async add(row: string): Promise<void> {
    this.#rows.push(row);
    this.#characters += row.length;
    if (this.#characters >= BATCH_CHARACTERS) await this.send();
  }

  async send(): Promise<void> {
    if (this.#rows.length === 0) return;
    const json = `[${this.#rows.join(',')}]`;
    this.#rows = [];
    this.#characters = 0;
    const [added] = await this.#locked.query<InsertedRows>(this.of.insertRows, [json]);
    this.sent += added?.count ?? 0;
  }
}
