import pg from 'pg';
import type { HandoffFixture } from '../setup/handoffFixture.js';

/** SQL of the proof's own. */
export type Sql = Pick<HandoffFixture, 'sql'>;

/** A connection with memory to sort millions of rows, and as much time as it takes. */
export async function openSql(url: string): Promise<Sql & { close(): Promise<void> }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("SET work_mem = '256MB'; SET jit = off; SET TIME ZONE 'UTC'");
  return {
    sql: async <Row extends object>(text: string, values: readonly unknown[] = []) => (await client.query<Row>(text, [...values])).rows,
    close: () => client.end(),
  };
}
