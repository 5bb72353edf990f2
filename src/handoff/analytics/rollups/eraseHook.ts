import type { Queryable } from '../../storage/database.js';
import { forgetSession } from './sql/lateRows.js';

/** Makes everything that counts of a session be made anew without it, within the transaction that erases it. */
export async function forgetErased(q: Queryable, { sessionId }: { readonly sessionId: string }): Promise<void> {
  await q.query(forgetSession, [sessionId]);
}
