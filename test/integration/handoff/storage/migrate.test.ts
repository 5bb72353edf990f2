import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MigrationFailedError } from '../../../../src/errors/migrationErrors.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { migrate, requireMigrated } from '../../../../src/handoff/storage/migrate/migrate.js';
import { readMigrations } from '../../../../src/handoff/storage/migrate/migrationFiles.js';
import { packagedMigrations } from '../../../../src/handoff/storage/migrate/packagedMigrations.js';
import { type FreshDatabase, freshDatabase } from '../../../setup/freshDatabase.js';
import { MigrationFolder } from './migrationFolder.js';
import { openDatabase, sql, systemDeps } from './openDatabase.js';

describe('migrate', () => {
  let fresh: FreshDatabase;
  let database: Database;
  beforeEach(async () => {
    fresh = await freshDatabase();
    database = await openDatabase(fresh.url, { poolSize: 1 });
  });
  afterEach(async () => {
    await database.close();
    await fresh.drop();
  });
  const applied = (): Promise<{ version: number; name: string }[]> =>
    sql(database, 'SELECT version, name FROM handoff_migrations ORDER BY version');

  it('applies every file of the package in order, and nothing when run again', async () => {
    const names = (await readMigrations(packagedMigrations())).map(({ name }) => name);
    await expect(requireMigrated(database)).rejects.toMatchObject({ code: 'HANDOFF_MIGRATION_PENDING' });
    expect(await migrate(database, {}, systemDeps)).toEqual({ applied: names });
    expect((await applied()).map(({ name }) => name)).toEqual(names);
    expect(await migrate(database, {}, systemDeps)).toEqual({ applied: [] });
    await requireMigrated(database);
  });

  it('costs two statements when there is nothing to do', async () => {
    await migrate(database, {}, systemDeps);
    const seen: string[] = [];
    const counting: Database = {
      ...database,
      query: (statement, values) => (seen.push(statement.name), database.query(statement, values)),
    };
    await migrate(counting, {}, systemDeps);
    expect(seen).toEqual(['handoff_migrations_present', 'handoff_migrations_applied']);
  });

  it('leaves the connection as it was', async () => {
    await migrate(database, {}, systemDeps);
    const limits = await sql(database, "SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock");
    expect(limits).toEqual([{ statement: '30s', lock: '0' }]);
    expect(
      await sql(
        database,
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      ),
    ).toEqual([]);
  });

  it('warns of a lock that stays with another connection, as behind a pooler in transaction mode', async () => {
    // What such a pooler does to the run: the connection that is to release the lock does not have it.
    using folder = new MigrationFolder({ '000001_a.sql': 'SELECT pg_advisory_unlock_all()' });
    const warnings: string[] = [];
    const { applied: names } = await migrate(
      database,
      { folder: folder.url },
      { ...systemDeps, onWarning: (warning) => void warnings.push(warning) },
    );
    expect(names).toEqual(['a']);
    expect(warnings).toEqual([expect.stringContaining('leads to PostgreSQL itself')]);
  });

  it('refuses a changed, a missing and a newer history before touching anything', async () => {
    using folder = new MigrationFolder({ '000001_a.sql': 'CREATE TABLE a ()', '000002_b.sql': 'CREATE TABLE b ()' });
    const run = (): Promise<unknown> => migrate(database, { folder: folder.url }, systemDeps);
    await run();
    folder.write('000003_c.sql', 'CREATE TABLE c ()');
    folder.write('000001_a.sql', 'CREATE TABLE a (id integer)');
    await expect(run()).rejects.toMatchObject({ code: 'HANDOFF_MIGRATION_CHANGED', data: { migration: { version: 1 } } });
    folder.write('000001_a.sql', 'CREATE TABLE a ()');
    await sql(database, "INSERT INTO handoff_migrations (version, name, checksum) VALUES (9, 'later', 'x')");
    await expect(run()).rejects.toMatchObject({ code: 'HANDOFF_DATABASE_NEWER', data: { newestKnown: 3 } });
    await sql(database, 'UPDATE handoff_migrations SET version = 0 WHERE version = 9');
    await expect(run()).rejects.toMatchObject({ code: 'HANDOFF_MIGRATION_MISSING', data: { missing: [{ version: 0, name: 'later' }] } });
    expect(await sql(database, "SELECT to_regclass('c') AS c")).toEqual([{ c: null }]);
  });

  it('keeps nothing of a failing file, says where it failed, and goes on from there once mended', async () => {
    using folder = new MigrationFolder({ '000001_a.sql': 'CREATE TABLE a ()', '000002_b.sql': 'CREATE TABLE b ();\n\nCREATE TABEL c ();' });
    const failure = (await migrate(database, { folder: folder.url }, systemDeps).catch((error: unknown) => error)) as MigrationFailedError;
    expect(failure).toMatchObject({
      code: 'HANDOFF_MIGRATION_FAILED',
      data: { migration: { version: 2, name: 'b' }, sqlState: '42601', line: 3 },
    });
    expect(failure.message).toContain('000002_b failed at line 3');
    expect(await sql(database, "SELECT to_regclass('a')::text AS a, to_regclass('b') AS b")).toEqual([{ a: 'a', b: null }]);
    folder.write('000002_b.sql', 'CREATE TABLE b ()');
    expect(await migrate(database, { folder: folder.url }, systemDeps)).toEqual({ applied: ['b'] });
  });

  it('waits for a table in short turns, so that others get in between, and gives up in time', async () => {
    await sql(database, 'CREATE TABLE busy (id integer)');
    using folder = new MigrationFolder({ '000001_a.sql': 'ALTER TABLE busy ADD COLUMN more integer' });
    const holder = new pg.Client({ connectionString: fresh.url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE busy IN ACCESS SHARE MODE');

    const blocked = migrate(database, { folder: folder.url, lockTimeoutMs: 30, waitMs: 300 }, systemDeps);
    await expect(blocked).rejects.toMatchObject({
      code: 'HANDOFF_MIGRATION_BLOCKED',
      data: { waitingFor: 'the tables of migration a' },
      cause: { code: '55P03' },
    });

    const patient = migrate(database, { folder: folder.url, lockTimeoutMs: 30, waitMs: 20_000 }, systemDeps);
    await expect
      .poll(
        () => holder.query("SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'busy'::regclass").then(({ rowCount }) => rowCount),
        {
          // A turn lasts 30 ms, and the pauses between turns grow.
          interval: 3,
        },
      )
      .toBe(1);
    await holder.query('COMMIT');
    expect(await patient).toEqual({ applied: ['a'] });
    await holder.end();
  });

  it('gives up a turn before PostgreSQL ends a call that it keeps waiting, when each waits for the other', async () => {
    await sql(database, 'CREATE TABLE first (); CREATE TABLE second ()');
    using folder = new MigrationFolder({
      '000001_a.sql': 'ALTER TABLE first ADD COLUMN a integer; SELECT pg_sleep(0.2); ALTER TABLE second ADD COLUMN a integer',
    });
    const caller = new pg.Client({ connectionString: fresh.url });
    await caller.connect();
    await caller.query('BEGIN; LOCK TABLE second IN ACCESS SHARE MODE');
    const running = migrate(database, { folder: folder.url, lockTimeoutMs: 60_000 }, systemDeps);
    const isLocked = "SELECT 1 FROM pg_locks WHERE granted AND mode = 'AccessExclusiveLock' AND relation = 'first'::regclass";
    await expect.poll(() => caller.query(isLocked).then(({ rowCount }) => rowCount), { interval: 3 }).toBe(1);
    // It has waited longer than the migration when PostgreSQL looks for deadlocks, so it would be the one that fails.
    await caller.query('SELECT FROM first; COMMIT');
    expect(await running).toEqual({ applied: ['a'] });
    await caller.end();
  });

  it('gives up on another process that never finishes', async () => {
    using folder = new MigrationFolder({ '000001_a.sql': 'SELECT 1' });
    const other = new pg.Client({ connectionString: fresh.url });
    await other.connect();
    await other.query('SELECT pg_advisory_lock(4871203591174021)');
    const attempt = migrate(database, { folder: folder.url, waitMs: 200 }, systemDeps);
    await expect(attempt).rejects.toMatchObject({
      code: 'HANDOFF_MIGRATION_BLOCKED',
      data: { waitingFor: 'another process that is migrating' },
    });
    await other.end();
  });

  it('builds an index again that an interrupted run left unfinished', async () => {
    await sql(database, 'CREATE TABLE t (id integer)');
    await sql(database, 'INSERT INTO t VALUES (1), (1)');
    using folder = new MigrationFolder({
      '000001_i.sql': '-- handoff:no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS t_id ON t (id);\n',
    });
    const valid = (): Promise<unknown> => sql(database, "SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('t_id')");
    await expect(migrate(database, { folder: folder.url }, systemDeps)).rejects.toMatchObject({ data: { sqlState: '23505' } });
    expect(await valid()).toEqual([{ valid: false }]);
    await sql(database, 'DELETE FROM t WHERE ctid = (SELECT min(ctid) FROM t)');
    expect(await migrate(database, { folder: folder.url }, systemDeps)).toEqual({ applied: ['i'] });
    expect(await valid()).toEqual([{ valid: true }]);
  });
});
