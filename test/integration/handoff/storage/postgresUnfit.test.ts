import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database, Statement } from '../../../../src/handoff/storage/database.js';
import { startThrowawayPostgres } from '../../../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';
import { openDatabase, sql } from './openDatabase.js';

const write: Statement = { name: 'test_write', text: 'INSERT INTO written (n) VALUES ($1) RETURNING n' };
const read: Statement = { name: 'test_read', text: 'SELECT * FROM written ORDER BY n' };
const backend: Statement = { name: 'test_backend', text: 'SELECT pg_backend_pid() AS pid' };
const POOL = 5;

describe('connections on which PostgreSQL refuses what it took before', () => {
  let server: ThrowawayServer;
  let database: Database;
  let admin: Database;
  beforeAll(async () => {
    server = await startThrowawayPostgres();
    admin = await openDatabase(server.url);
  });
  beforeEach(async () => {
    await sql(admin, 'DROP TABLE IF EXISTS written');
    await sql(admin, 'CREATE TABLE written (n integer)');
    database = await openDatabase(server.url, { poolSize: POOL });
  });
  afterEach(() => database.close());
  afterAll(async () => {
    await admin.close();
    await server.stop();
  });

  /** Opens the whole pool and runs SQL on each of its connections. */
  async function onEveryConnection(text: string): Promise<void> {
    const clients = await Promise.all(Array.from({ length: POOL }, () => database.pool.connect()));
    await Promise.all(clients.map((client) => client.query(text)));
    for (const client of clients) client.release();
  }
  /** Over a connection that may write whatever the server's default is. */
  async function asWriter(...statements: string[]): Promise<void> {
    const client = await admin.pool.connect();
    for (const statement of ['SET default_transaction_read_only = off', ...statements]) await client.query(statement);
    client.release(true);
  }

  it('replaces all that lead to a server that only reads since a failover, without failing a call', async () => {
    // As seen from here: what was open leads to the old primary, what is opened now to the new one.
    await onEveryConnection('SET default_transaction_read_only = on');
    const written = await Promise.all(Array.from({ length: 4 * POOL }, (_, n) => database.query(write, [n])));
    expect(written).toHaveLength(4 * POOL);
    // Those that were only read from are stale as well.
    const states = await Promise.all(
      Array.from({ length: 2 * POOL }, () =>
        sql<{ value: string }>(database, "SELECT current_setting('default_transaction_read_only') AS value, pg_sleep(0.05)"),
      ),
    );
    expect(new Set(states.flat().map(({ value }) => value))).toEqual(new Set(['off']));
  });

  it('says that the database is not available while it only reads, keeps reading, and writes at once when it can', async () => {
    const hasty = await openDatabase(server.url, { poolSize: 2, connectRetryMs: 300 });
    await asWriter('ALTER SYSTEM SET default_transaction_read_only = on', 'SELECT pg_reload_conf()');
    try {
      await expect
        .poll(() => sql(admin, "SELECT current_setting('default_transaction_read_only') AS value"), { timeout: 10_000 })
        .toEqual([{ value: 'on' }]);
      await expect(hasty.query(write, [1])).rejects.toMatchObject({
        code: 'HANDOFF_DATABASE_UNAVAILABLE',
        data: { reasonCode: '25006' },
        message: expect.stringContaining('primary'),
      });
      expect(await hasty.query(read)).toEqual([]);
      await expect(hasty.transaction((q) => q.query(write, [2]))).rejects.toMatchObject({
        code: 'HANDOFF_DATABASE_UNAVAILABLE',
        data: { reasonCode: '25006' },
      });
    } finally {
      await asWriter('ALTER SYSTEM RESET default_transaction_read_only', 'SELECT pg_reload_conf()');
    }
    await expect.poll(() => hasty.query(write, [3]), { timeout: 10_000 }).toEqual([{ n: 3 }]);
    await hasty.close();
  });

  it('waits for a server that starts to take writes while the call waits', async () => {
    const patient = await openDatabase(server.url, { poolSize: 2, connectRetryMs: 20_000 });
    await asWriter('ALTER ROLE postgres SET default_transaction_read_only = on');
    const refused = new Promise((resolve) => patient.pool.once('remove', resolve));
    const waiting = patient.query(write, [7]);
    await refused;
    await asWriter('ALTER ROLE postgres RESET default_transaction_read_only');
    expect(await waiting).toEqual([{ n: 7 }]);
    await patient.close();
  });

  it('plans statements anew whose result has other columns since a migration', async () => {
    await Promise.all(Array.from({ length: 4 * POOL }, () => database.query(read)));
    await sql(admin, 'ALTER TABLE written ADD COLUMN more text');
    await sql(admin, "INSERT INTO written VALUES (1, 'x')");
    const rows = await Promise.all(Array.from({ length: 4 * POOL }, () => database.query(read)));
    expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(new Set(['[{"n":1,"more":"x"}]']));
  });

  it('prepares statements again that were taken away', async () => {
    await Promise.all(Array.from({ length: 4 * POOL }, (_, n) => database.query(write, [n])));
    await onEveryConnection('DISCARD ALL');
    expect(await database.query(write, [100])).toEqual([{ n: 100 }]);
  });

  it('keeps the connection and names the remedy where the server lacks disk or memory', async () => {
    const alone = await openDatabase(server.url, { poolSize: 1 });
    const before = await alone.query(backend);
    const full: Statement = {
      name: 'test_full',
      text: "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$",
    };
    await expect(alone.query(full)).rejects.toMatchObject({
      code: 'HANDOFF_DATABASE_UNAVAILABLE',
      data: { reasonCode: '53100' },
      message: expect.stringContaining('disk'),
    });
    expect(await alone.query(backend)).toEqual(before);
    await alone.close();
  });

  it('repeats a statement that serializable isolation refused', async () => {
    const refusals = 3;
    await sql(admin, 'DROP SEQUENCE IF EXISTS tries');
    await sql(admin, 'CREATE SEQUENCE tries');
    await sql(
      admin,
      `CREATE OR REPLACE FUNCTION refuse() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('tries') <= ${refusals} THEN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001'; END IF;
        RETURN currval('tries'); END $$`,
    );
    expect(await database.query({ name: 'test_refused', text: 'SELECT refuse() AS tries' })).toEqual([{ tries: refusals + 1 }]);
    await sql(admin, "SELECT setval('tries', 1, false)");
    await expect(database.transaction((q) => q.query({ name: 'test_refused', text: 'SELECT refuse() AS tries' }))).rejects.toMatchObject({
      code: '40001',
    });
  });

  it.each(['serializable', 'repeatable read'])('rivals for a row wait for each other where the default isolation is %s', async (level) => {
    const strict = await openDatabase(`${server.url}?options=-c%20default_transaction_isolation%3D${level.replace(' ', '%5C%20')}`);
    try {
      await sql(strict, 'DROP TABLE IF EXISTS counters');
      await sql(strict, 'CREATE TABLE counters (n integer)');
      await sql(strict, 'INSERT INTO counters VALUES (0)');
      const read = { name: 'test_count', text: 'SELECT n FROM counters FOR UPDATE' };
      const add = { name: 'test_add', text: 'UPDATE counters SET n = n + 1' };
      const one = (): Promise<unknown> => strict.transaction(async (q) => [await q.query(read), await q.query(add)]);
      await Promise.all(Array.from({ length: 10 }, one));
      expect(await strict.query({ name: 'test_counted', text: 'SELECT n FROM counters' })).toEqual([{ n: 10 }]);
    } finally {
      await strict.close();
    }
  });
});
