import type { Queryable, Statement } from './database.js';

const IS_WRITABLE: Statement = { name: 'handoff_is_writable', text: `SELECT current_setting('transaction_read_only') = 'off' AS writable` };

/** Returns whether the database accepts writes: it is neither a standby nor set to read-only. Rejects like any statement. */
export async function isWritable(database: Queryable): Promise<boolean> {
  const [row] = await database.query<{ readonly writable: boolean }>(IS_WRITABLE);
  return row?.writable === true;
}
