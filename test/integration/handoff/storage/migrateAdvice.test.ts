import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database, Statement } from '../../../../src/handoff/storage/database.js';
import { migrate, requireMigrated } from '../../../../src/handoff/storage/migrate/migrate.js';
import { type FreshDatabase, freshDatabase } from '../../../setup/freshDatabase.js';
import { databaseUrl } from '../../../setup/services.js';
import { MigrationFolder } from './migrationFolder.js';
import { openDatabase, sql, systemDeps } from './openDatabase.js';

const earlier = readFileSync(new URL('./earlierSchema.sql', import.meta.url), 'utf8');

describe('what an operator is told of migrations', () => {
  let fresh: FreshDatabase;
  let database: Database;
  const opened: Database[] = [];
  beforeEach(async () => {
    fresh = await freshDatabase();
    database = await openDatabase(fresh.url, { poolSize: 2 });
  });
  afterEach(async () => {
    await Promise.all([database, ...opened.splice(0)].map((each) => each.close()));
    await fresh.drop();
  });
  async function migrateAndListen(): Promise<string[]> {
    const warnings: string[] = [];
    await migrate(database, {}, { ...systemDeps, onWarning: (warning) => void warnings.push(warning) });
    return warnings;
  }
  /** The database as a role sees it that owns nothing in it; the role goes with `use`. */
  async function asStranger(use: (stranger: Database, role: string) => Promise<void>): Promise<void> {
    const role = `stranger_${randomBytes(6).toString('hex')}`;
    await sql(database, `CREATE ROLE ${role} LOGIN PASSWORD 'pw'`);
    const url = new URL(fresh.url);
    url.username = role;
    url.password = 'pw';
    const stranger = await openDatabase(url.href, { poolSize: 1 });
    try {
      await use(stranger, role);
    } finally {
      await stranger.close();
      await sql(database, `DROP OWNED BY ${role}`);
      await sql(database, `DROP ROLE ${role}`);
    }
  }

  it('quotes what PostgreSQL said, with its detail and hint', async () => {
    using folder = new MigrationFolder({ '000001_a.sql': 'CREATE TABLE base (); CREATE VIEW above AS SELECT FROM base; DROP TABLE base;' });
    await expect(migrate(database, { folder: folder.url }, systemDeps)).rejects.toMatchObject({
      code: 'HANDOFF_MIGRATION_FAILED',
      message: expect.stringMatching(
        /cannot drop table base because other objects depend on it; DETAIL: view above depends on table base; HINT: .*It was rolled back/,
      ),
    });
  });

  it('names the right that is missing and how to grant it: in the schema public, as PostgreSQL 15 and newer set it up', async () => {
    await asStranger(async (stranger, role) => {
      const expected = {
        code: 'HANDOFF_MIGRATION_DENIED',
        data: { role, schema: 'public' },
        message: expect.stringContaining(`GRANT USAGE, CREATE ON SCHEMA public TO ${role}`),
      };
      await expect(migrate(stranger, {}, systemDeps)).rejects.toMatchObject(expected);
      await sql(database, `GRANT USAGE, CREATE ON SCHEMA public TO ${role}`);
      await migrate(stranger, {}, systemDeps);
      await requireMigrated(stranger);
    });
  });

  it('names it also where there is no schema at all, and where another role has migrated', async () => {
    await asStranger(async (stranger, role) => {
      await sql(database, `ALTER ROLE ${role} SET search_path = nowhere`);
      await stranger.close();
      const url = new URL(fresh.url);
      url.username = role;
      url.password = 'pw';
      const lost = await openDatabase(url.href, { poolSize: 1 });
      opened.push(lost);
      await expect(migrate(lost, {}, systemDeps)).rejects.toMatchObject({
        code: 'HANDOFF_MIGRATION_DENIED',
        data: { role, schema: null },
        message: expect.stringContaining('CREATE SCHEMA'),
      });
      await sql(database, `ALTER ROLE ${role} RESET search_path`);
      await lost.close();
      await migrate(database, {}, systemDeps);
      const reader = await openDatabase(url.href, { poolSize: 1 });
      opened.push(reader);
      await expect(requireMigrated(reader)).rejects.toMatchObject({
        code: 'HANDOFF_MIGRATION_DENIED',
        // A right to create tables would not help.
        message: expect.stringMatching(
          new RegExp(
            `permission denied for table handoff_migrations.*GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role}`,
          ),
        ),
      });
      await reader.close();
    });
  });

  it('tells a role that does not own the tables to migrate as their owner', async () => {
    await sql(database, 'CREATE TABLE owned (id integer)');
    using folder = new MigrationFolder({ '000001_a.sql': 'ALTER TABLE owned ADD COLUMN more integer' });
    await asStranger(async (stranger, role) => {
      await sql(database, `GRANT USAGE, CREATE ON SCHEMA public TO ${role}`);
      await expect(migrate(stranger, { folder: folder.url }, systemDeps)).rejects.toMatchObject({
        code: 'HANDOFF_MIGRATION_FAILED',
        message: expect.stringMatching(/must be owner of table owned.*migrate as the owner/),
      });
    });
  });

  it('refuses a new database that cannot keep every text, and leaves one in use alone', async () => {
    const name = `handoff_latin_${randomBytes(6).toString('hex')}`;
    await sql(database, `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`);
    const url = new URL(databaseUrl());
    url.pathname = `/${name}`;
    const latin = await openDatabase(url.href);
    try {
      await expect(migrate(latin, {}, systemDeps)).rejects.toMatchObject({
        code: 'HANDOFF_DATABASE_ENCODING',
        data: { encoding: 'LATIN1' },
        message: expect.stringContaining('UTF8'),
      });
      await expect(requireMigrated(latin)).rejects.toMatchObject({ code: 'HANDOFF_DATABASE_ENCODING' });
      expect(await sql(latin, "SELECT to_regclass('handoff_migrations') AS history")).toEqual([{ history: null }]);
      using folder = new MigrationFolder({ '000001_a.sql': 'SELECT 1' });
      await sql(
        latin,
        'CREATE TABLE handoff_migrations (version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz DEFAULT now())',
      );
      await sql(latin, "INSERT INTO handoff_migrations SELECT 1, 'a', encode(sha256('SELECT 1'), 'hex')");
      folder.write('000002_b.sql', 'SELECT 2');
      expect(await migrate(latin, { folder: folder.url }, systemDeps)).toEqual({ applied: ['b'] });
    } finally {
      await latin.close();
      await sql(database, `DROP DATABASE ${name} WITH (FORCE)`);
    }
  });

  it('hears of triggers that go, of rows that go, and finds it all in the database again', async () => {
    await sql(database, earlier);
    const triggers = await sql<{ name: string }>(
      database,
      "SELECT tgname AS name FROM pg_trigger WHERE tgrelid = 'sessions'::regclass AND NOT tgisinternal AND tgname <> 'sessions_updated_at' ORDER BY 1",
    );
    expect(triggers.length).toBeGreaterThan(0);
    const warnings = await migrateAndListen();
    for (const { name } of triggers)
      expect(warnings).toContainEqual(
        expect.stringMatching(new RegExp(`trigger ${name} on sessions was dropped.*It was: CREATE TRIGGER ${name}`)),
      );
    expect(warnings).toContainEqual('1 row of analytics_aggregations that had a newer one for the same type and time was deleted.');
    expect(
      (await sql<{ note: string }>(database, 'SELECT note FROM handoff_migration_notes ORDER BY version')).map(({ note }) => note),
    ).toEqual(warnings);
  });

  it('hears nothing of a new database, which gets no table for it', async () => {
    expect(await migrateAndListen()).toEqual([]);
    expect(await sql(database, "SELECT to_regclass('handoff_migration_notes') AS notes")).toEqual([{ notes: null }]);
  });

  it('hears what a file warns of, though the role asked to hear nothing, and once although a first attempt was in vain', async () => {
    await sql(database, 'CREATE TABLE busy (id integer)');
    await sql(database, `ALTER DATABASE ${new URL(fresh.url).pathname.slice(1)} SET client_min_messages = error`);
    using folder = new MigrationFolder({
      '000001_a.sql':
        "DO $$ BEGIN RAISE WARNING 'handoff: view v was dropped'; RAISE NOTICE 'nothing new'; END $$; ALTER TABLE busy ADD COLUMN more integer",
    });
    const holder = new pg.Client({ connectionString: fresh.url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE busy IN ACCESS SHARE MODE');
    const quiet = await openDatabase(fresh.url, { poolSize: 1 });
    opened.push(quiet);
    const warnings: string[] = [];
    const run = migrate(
      quiet,
      { folder: folder.url, lockTimeoutMs: 30, waitMs: 20_000 },
      { ...systemDeps, onWarning: (warning) => void warnings.push(warning) },
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await holder.query('COMMIT');
    await holder.end();
    expect(await run).toEqual({ applied: ['a'] });
    expect(warnings).toEqual(['view v was dropped']);
  });

  it('refuses nothing that the earlier server writes meanwhile', async () => {
    await sql(database, earlier);
    // Enough rows that copying them takes a while.
    await sql(
      database,
      "INSERT INTO performance_logs (operation, duration_ms, success, created_at) SELECT 'old', 1, true, now() - n * interval '1 minute' FROM generate_series(1, 100000) AS n",
    );
    const writersDatabase = await openDatabase(fresh.url, { poolSize: 6 });
    opened.push(writersDatabase);
    const session = "'00000000-0000-4000-8000-000000000001'";
    const inserts: readonly Statement[] = [
      {
        name: 'test_events',
        text: `INSERT INTO session_lifecycle (session_id, event_type, event_data) VALUES (${session}, 'created', '{}')`,
      },
      {
        name: 'test_metrics',
        text: "INSERT INTO system_metrics (metric_name, metric_value, metric_type, labels) VALUES ('m', 1.5, 'gauge', '{}')",
      },
      {
        name: 'test_logs',
        text: "INSERT INTO performance_logs (operation, duration_ms, success, metadata) VALUES ('beside', 12, true, '{}')",
      },
    ];
    await sql(database, 'ALTER TABLE session_lifecycle DROP CONSTRAINT IF EXISTS session_lifecycle_session_id_fkey');
    const refused: unknown[] = [];
    let written = 0;
    let stop = false;
    const writers = Array.from({ length: 6 }, async (_, n) => {
      const insert = inserts[n % inserts.length] ?? inserts[0];
      while (!stop && insert !== undefined) {
        try {
          await writersDatabase.query(insert);
          if (insert.name === 'test_logs') written += 1;
        } catch (error) {
          refused.push(error);
        }
      }
    });
    try {
      await migrate(database, {}, systemDeps);
    } finally {
      stop = true;
      await Promise.all(writers);
    }
    expect(refused).toEqual([]);
    expect(written).toBeGreaterThan(0);
    expect(await sql(database, "SELECT count(*)::int AS n FROM performance_logs WHERE operation = 'beside'")).toEqual([{ n: written }]);
  }, 120_000);
});
