import { afterAll, beforeAll, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { runDoctor } from '../cli/doctor/runDoctor.js';
import { openDatabase, sql } from './openDatabase.js';

let fixture: HandoffFixture;
let url: string;
beforeAll(async () => {
  fixture = await handoffFixture({
    prepare: async (given) => {
      url = given;
      const admin = await openDatabase(url, { poolSize: 1 });
      await sql(admin, 'CREATE SCHEMA "Hand-off"');
      await sql(admin, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET search_path = "Hand-off"`);
      await admin.close();
    },
  });
});
afterAll(() => fixture.dispose());

it('a schema whose name has to be quoted is measured, checked and advised on like any other', async () => {
  const { tables } = await fixture.retention.storageReport();
  expect(tables.map(({ table }) => table)).toContain('sessions');

  const rights = (await runDoctor(['database.rights'], { DATABASE_URL: url })).get('database.rights');
  expect(rights?.map(({ verdict }) => verdict)).toEqual(['fine']);

  // Advice about an index goes by the planner's statistics, which are found by the name of the schema.
  await fixture.sql('CREATE TABLE notes (session uuid REFERENCES sessions (id)) WITH (autovacuum_enabled = false)');
  await fixture.sql("INSERT INTO sessions (session_key, agent_from) SELECT 's' || n, 'a' FROM generate_series(1, 30) n");
  await fixture.sql('INSERT INTO notes SELECT id FROM sessions, generate_series(1, 1000)');
  await fixture.sql('ANALYZE notes');
  for (let n = 0; n < 50; n += 1) await fixture.sql('SELECT count(*) FROM notes WHERE session IS NULL');
  await fixture.sql('SELECT pg_stat_force_next_flush()');
  const missing = async (): Promise<unknown> =>
    (await fixture.analytics.generateRecommendations()).find(({ code }) => code === 'index_missing')?.subject;
  await expect.poll(missing, { timeout: 20_000, interval: 500 }).toBe('notes');
});
