import type { Queryable, Statement } from './database.js';

const IS_WRITABLE: Statement = { name: 'handoff_is_writable', text: `SELECT current_setting('transaction_read_only') = 'off' AS writable` };

/** Whether the database takes writes: not a standby, nor set to read only. Rejects as any statement does. */
export async function isWritable(database: Queryable): Promise<boolean> {
  const [row] = await database.query<{ readonly writable: boolean }>(IS_WRITABLE);
  return row?.writable === true;
}
