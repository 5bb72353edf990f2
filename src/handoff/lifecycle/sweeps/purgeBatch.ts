import { errorCode, toError } from '../../../errors/classify.js';
import { deleteAllEntries } from '../../sessions/deleteAllEntries.js';
import type { Queryable } from '../../storage/database.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { eventData } from '../eventData.js';
import type { CachedKeysRow } from '../sql/cachedKeys.js';
import { lockPurgeable } from '../sql/lockPurgeable.js';
import type { PurgeableRow } from '../sql/lockPurgeable.js';
import { purgeLocked } from '../sql/purgeLocked.js';

/**
 * Entries that one transaction deletes, besides those of a single session: a session is deleted whole or not at all, so that a legal
 * hold never covers half of one. Only rows of sessions that nobody can write to are locked meanwhile.
 */
const MAX_HOT_ROWS = 20_000;
/** A session with more entries than this loses them by statements of their own: one for all would be cancelled for taking too long. */
const MANY_ROWS = 1000;
const DELETED_BY = 'retention';
/** `foreign_key_violation` and, since PostgreSQL 18, `restrict_violation`. */
const REFERRED_TO: readonly unknown[] = ['23503', '23001'];
/** Where more sessions are held on to, it is the rule, and looking for each of them is no help. */
const MOST_PASSED = 100;

export interface PurgedBatch {
  readonly taken: number;
  readonly gone: readonly GoneRow[];
}
type GoneRow = CachedKeysRow & { readonly id: string };

/** Sessions that a purge could not delete, because a table that we do not know refers to them. */
export class PassedOver {
  readonly ids: string[] = [];
  /** What the database said of the first of them. */
  error: Error | undefined;
}

/** A foreign key leads to some of the sessions. */
class HeldOnTo extends Error {
  override readonly name = 'HeldOnTo';
  readonly rows: readonly PurgeableRow[];

  constructor(rows: readonly PurgeableRow[], cause: unknown) {
    super('A foreign key leads to some sessions', { cause });
    this.rows = rows;
  }
}

/** Deletes some sessions of a policy, oldest first: in one transaction, or one by one where that finds out which of them have to stay. */
export async function purgeSome(deps: LifecycleDependencies, policy: string, size: number, passed: PassedOver): Promise<PurgedBatch> {
  try {
    return await purgeBatch(deps, policy, size, passed);
  } catch (error) {
    if (!(error instanceof HeldOnTo)) throw error;
    passed.error ??= toError(error.cause);
    if (passed.ids.length >= MOST_PASSED) return { taken: 0, gone: [] };
    if (error.rows.length > 1) return oneByOne(deps, policy, error.rows.length, passed);
    passed.ids.push(...error.rows.map(({ id }) => id));
    return { taken: 1, gone: [] };
  }
}

async function oneByOne(deps: LifecycleDependencies, policy: string, count: number, passed: PassedOver): Promise<PurgedBatch> {
  const gone: GoneRow[] = [];
  let taken = 0;
  while (taken < count) {
    const one = await purgeSome(deps, policy, 1, passed);
    if (one.taken === 0) break;
    taken += 1;
    gone.push(...one.gone);
  }
  return { taken, gone };
}

/** Thrown to roll back. */
class SessionHeld extends Error {
  override readonly name = 'SessionHeld';
}

/** Locks first and deletes by a later statement, which sees the holds that were placed before the lock was granted. */
async function purgeBatch(deps: LifecycleDependencies, policy: string, size: number, passed: PassedOver): Promise<PurgedBatch> {
  let rows: PurgeableRow[] = [];
  try {
    return await deps.database.transaction(async (locked) => {
      rows = withinLimit(await locked.query<PurgeableRow>(lockPurgeable, [policy, size, MAX_HOT_ROWS, passed.ids]));
      if (rows.length === 0) return { taken: 0, gone: [] };
      const before = await deleteLargest(locked, rows);
      const values = [rows.map(({ id }) => id), eventData('retention'), DELETED_BY, JSON.stringify(before)];
      const gone = await locked.query<GoneRow>(purgeLocked, values);
      // A hold that came without a lock on its session: that one keeps its entries.
      if (Object.keys(before).some((id) => !gone.some((each) => each.id === id))) throw new SessionHeld();
      return { taken: rows.length, gone };
    });
  } catch (error) {
    if (error instanceof SessionHeld) return { taken: 0, gone: [] };
    if (REFERRED_TO.includes(errorCode(error))) throw new HeldOnTo(rows, error);
    throw error;
  }
}

/** Deletes the entries of sessions that have many, and returns their numbers by session. */
async function deleteLargest(locked: Queryable, rows: readonly PurgeableRow[]): Promise<Record<string, number>> {
  const deleted: Record<string, number> = {};
  for (const { id, hot_rows: hotRows } of rows) if (hotRows > MANY_ROWS) deleted[id] = await deleteAllEntries(locked, id);
  return deleted;
}

/** Returns as many sessions as have no more entries than the limit together, at least one. */
function withinLimit(rows: readonly PurgeableRow[]): PurgeableRow[] {
  let total = 0;
  return rows.filter(({ hot_rows: hotRows }, index) => {
    total += hotRows;
    return index === 0 || total <= MAX_HOT_ROWS;
  });
}
