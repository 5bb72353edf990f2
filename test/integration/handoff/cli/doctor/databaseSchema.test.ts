import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { migrate } from '../../../../../src/handoff/storage/migrate/migrate.js';
import { freshDatabase } from '../../../../setup/freshDatabase.js';
import type { FreshDatabase } from '../../../../setup/freshDatabase.js';
import { openDatabase, systemDeps } from '../../storage/openDatabase.js';
import { runDoctor } from './runDoctor.js';

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
  const opened = await openDatabase(database.url);
  await migrate(opened, {}, systemDeps);
  await opened.close();
});
afterEach(() => database.drop());

/** What doctor says of the schema after these statements. */
async function saidAfter(statements: string): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
  const findings = (await runDoctor(['database.schema'], { DATABASE_URL: database.url })).get('database.schema') ?? [];
  return findings.map(({ verdict, says }) => `${verdict}: ${says}`);
}

it('finds nothing wrong with what the migrations made, nor with what others added to it', async () => {
  const additions = `
    CREATE TABLE of_somebody_else (id integer);
    ALTER TABLE sessions ADD COLUMN tenant text;
    CREATE INDEX ON context_history (agent);
    DROP INDEX context_history_agent_idx`;
  expect(await saidAfter(additions)).toEqual(['fine: All that the migrations made is there.']);
});

it('finds nothing wrong where the role has names quoted', async () => {
  const said = await saidAfter(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET quote_all_identifiers = on`);
  expect(said).toEqual(['fine: All that the migrations made is there.']);
});

it('looks where the tables are, also when a schema that comes earlier in the search path was made later', async () => {
  const said = await saidAfter(
    'CREATE SCHEMA AUTHORIZATION CURRENT_USER; ALTER TABLE sessions RENAME COLUMN agent_from TO agent_elsewhere',
  );
  expect(said).toEqual(['failure: The table sessions has no column agent_from.']);
});

it('names each part that is missing', async () => {
  const spoil = `
    ALTER TABLE sessions RENAME COLUMN agent_from TO agent_elsewhere;
    ALTER TABLE sessions ALTER COLUMN id DROP DEFAULT;
    ALTER TABLE context_history ALTER COLUMN content TYPE varchar;
    ALTER TABLE sessions DROP CONSTRAINT sessions_session_key_key;
    DROP INDEX analytics_anomalies_open_key;
    ALTER TABLE context_history DISABLE TRIGGER handoff_entry_facts;
    DROP FUNCTION handoff_create_partitions;
    DROP VIEW session_monitoring_view;
    DROP TABLE sweep_positions`;
  expect(await saidAfter(spoil)).toEqual([
    'failure: The table sessions has no column agent_from.',
    'failure: The column id of the table sessions has no default.',
    'failure: The function handoff_create_partitions is missing.',
    'failure: The table analytics_anomalies has no unique index on (kind, subject) for part of its rows.',
    'failure: The table sessions has no unique index on (session_key).',
    'failure: The table sweep_positions is missing.',
    'failure: The table context_history has no trigger handoff_entry_facts, or it is switched off.',
    'failure: The column content of the table context_history is not of the type text.',
    'failure: The view session_monitoring_view is missing.',
  ]);
});

it('counts what it does not name', async () => {
  const said = await saidAfter(
    'ALTER TABLE sessions RENAME TO sessions_elsewhere; ALTER TABLE context_history RENAME TO context_elsewhere',
  );
  expect(said).toEqual(['failure: The table context_history is missing.', 'failure: The table sessions is missing.']);
  const columns = await saidAfter(
    `DO $$ DECLARE name text; BEGIN
       FOR name IN SELECT attname FROM pg_attribute WHERE attrelid = 'analytics_anomalies'::regclass AND attnum > 0 AND attname <> 'id' LOOP
         EXECUTE format('ALTER TABLE analytics_anomalies RENAME COLUMN %I TO %I', name, name || '_x');
       END LOOP;
     END $$`,
  );
  expect(columns).toHaveLength(11);
  expect(columns[10]).toMatch(/^failure: \d+ more parts of the schema are missing\.$/u);
});

it('is not looked at where migrations are missing', async () => {
  expect(await saidAfter('DELETE FROM handoff_migrations WHERE version = (SELECT max(version) FROM handoff_migrations)')).toEqual([
    'skipped: Not looked at, because the database has not just the migrations of this version.',
  ]);
});
