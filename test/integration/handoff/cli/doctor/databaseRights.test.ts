import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrate } from '../../../../../src/handoff/storage/migrate/migrate.js';
import { createPostgresDatabase } from '../../../../../src/handoff/storage/postgres.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { freshDatabase } from '../../../../setup/freshDatabase.js';
import type { FreshDatabase } from '../../../../setup/freshDatabase.js';
import { runDoctor } from './runDoctor.js';

let database: FreshDatabase;
let role: string;
let client: pg.Client;
beforeAll(async () => {
  database = await freshDatabase();
  const deps = { clock: systemClock, random: Math.random, onConnectionLost: () => undefined };
  const opened = await createPostgresDatabase({ connectionString: database.url }, deps);
  await migrate(opened, {}, deps);
  await opened.close();
  role = `columns_${database.url.slice(-8)}`;
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'right'`);
  await client.query(`GRANT USAGE, CREATE ON SCHEMA public TO ${role}`);
  await client.query(`GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}`);
  await client.query('CREATE SCHEMA handoff_jobs');
});
afterAll(async () => {
  await client.query(`DROP OWNED BY ${role} CASCADE`);
  await client.query(`DROP ROLE ${role}`);
  await client.end();
  await database.drop();
});

async function rights(): Promise<readonly string[]> {
  const url = Object.assign(new URL(database.url), { username: role, password: 'right' }).href;
  const findings = (await runDoctor(['database.rights'], { DATABASE_URL: url })).get('database.rights') ?? [];
  // That the tables belong to another role is another matter.
  return findings.filter(({ says }) => !says.includes('belong to another role')).map(({ verdict, says }) => `${verdict}: ${says}`);
}

it('rights by column are rights, and without one on any column a table is closed', async () => {
  const { rows } = await client.query<{ columns: string }>(
    "SELECT string_agg(quote_ident(attname), ', ') AS columns FROM pg_attribute WHERE attrelid = 'sessions'::regclass AND attnum > 0 AND NOT attisdropped",
  );
  const columns = rows[0]?.columns ?? '';
  await client.query(`REVOKE SELECT, INSERT, UPDATE ON sessions FROM ${role}`);
  await client.query(`GRANT SELECT (${columns}), INSERT (${columns}), UPDATE (${columns}) ON sessions TO ${role}`);
  expect(await rights()).toEqual([]);
  await client.query(`REVOKE UPDATE (${columns}) ON sessions FROM ${role}`);
  const closed = [`failure: The role ${role} may not read and write sessions.`];
  expect(await rights()).toEqual(closed);
  // It comes before the schema of the tables in the search path, and has none of them.
  await client.query(`CREATE SCHEMA AUTHORIZATION ${role}`);
  expect(await rights()).toEqual(closed);
  await client.query(`DROP SCHEMA ${role}`);
  await client.query(`GRANT UPDATE (${columns}) ON sessions TO ${role}`);
});

it('says of which tables only single columns may be used', async () => {
  for (const table of ['sessions', 'context_history', 'handoff_requests', 'session_lifecycle'])
    await client.query(`ALTER TABLE ${table} OWNER TO ${role}`);
  await client.query(`REVOKE SELECT ON handoff_migrations FROM ${role}`);
  await client.query(`GRANT SELECT (version) ON handoff_migrations TO ${role}`);
  await client.query(`REVOKE ALL ON sessions FROM ${role}`);
  await client.query(`GRANT DELETE, INSERT, UPDATE, SELECT (id) ON sessions TO ${role}`);
  expect(await rights()).toEqual([
    `fine: The role ${role} may use the tables. Its rights on handoff_migrations, sessions are on single columns, which were not looked at one by one.`,
  ]);
});
