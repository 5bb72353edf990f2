import type { Queryable } from '../storage/database.js';
import { deleteEntries } from './sql/deleteEntries.js';
import type { DeletedEntriesRow } from './sql/deleteEntries.js';

const BEFORE_ALL = -2_147_483_648;

/**
 * Deletes the entries of a session that this transaction has locked, and returns how many. By many statements: the database cancels one
 * that takes longer than its time limit, and a session that is too large for one could never be deleted.
 */
export async function deleteAllEntries(locked: Queryable, sessionId: string): Promise<number> {
  let deleted = 0;
  for (let after: number | null = BEFORE_ALL; after !== null; ) {
    const [row]: DeletedEntriesRow[] = await locked.query<DeletedEntriesRow>(deleteEntries, [sessionId, after]);
    deleted += row?.deleted ?? 0;
    after = row?.last ?? null;
  }
  return deleted;
}
