import { expect, it } from 'vitest';
import { activityOf, readActivity } from '../../../../src/handoff/jobs/pgBoss/activity.js';
import { freshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, sql } from '../storage/openDatabase.js';

it('reads the queues of several schemas over one connection', async () => {
  const fresh = await freshDatabase();
  const database = await openDatabase(fresh.url, { poolSize: 1 });
  // The names differ only after the 63 bytes that PostgreSQL keeps of a statement's name.
  const schemas = ['one', 'two'].map((end) => `${'jobs_of_a_very_long_name_'.repeat(2)}${end}`);
  try {
    for (const [index, schema] of schemas.entries()) {
      await sql(
        database,
        `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.job (name text, state text, source_name text);
         INSERT INTO ${schema}.job SELECT 'cleanup', 'active' FROM generate_series(1, ${index})`,
      );
    }
    const running = async (schema: string): Promise<boolean | undefined> =>
      (await activityOf(database, readActivity(schema), ['cleanup'], 'dead')).get('cleanup')?.running;
    expect([await running(schemas[0] ?? ''), await running(schemas[1] ?? ''), await running(schemas[0] ?? '')]).toEqual([
      false,
      true,
      false,
    ]);
  } finally {
    await database.close();
    await fresh.drop();
  }
});
