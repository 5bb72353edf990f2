import { createServer } from 'node:net';
import { once } from 'node:events';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseInterruptedError, DatabaseUnavailableError, TransactionAbortedError } from '../../../../src/errors/databaseErrors.js';
import type { Database, Statement } from '../../../../src/handoff/storage/database.js';
import { fromPool } from '../../../../src/handoff/storage/postgres.js';
import { freePort } from '../../../setup/freePort.js';
import { type FreshDatabase, freshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, sql, systemDeps } from './openDatabase.js';

const insert: Statement = { name: 'test_insert', text: 'INSERT INTO notes (id) VALUES ($1)' };
const count: Statement = { name: 'test_count', text: 'SELECT count(*)::int AS n FROM notes' };
const backend: Statement = { name: 'test_backend', text: 'SELECT pg_backend_pid() AS pid' };
const setting: Statement = { name: 'test_setting', text: 'SELECT current_setting($1) AS value' };

describe('PostgreSQL database', () => {
  let fresh: FreshDatabase;
  const opened: Database[] = [];
  const open: typeof openDatabase = async (...args) => {
    const database = await openDatabase(...args);
    opened.push(database);
    return database;
  };
  const notes = async (database: Database): Promise<number | undefined> => (await database.query<{ n: number }>(count))[0]?.n;

  beforeAll(async () => {
    fresh = await freshDatabase();
    await sql(await open(fresh.url), 'CREATE TABLE notes (id integer PRIMARY KEY)');
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((database) => database.close()));
  });
  afterAll(() => fresh.drop());

  it('sends session limits with the connection and prepares statements by name', async () => {
    const database = await open(fresh.url, {
      poolSize: 1,
      statementTimeoutMs: 1234,
      idleInTransactionTimeoutMs: 4321,
      applicationName: 'limits',
    });
    const values = await Promise.all(
      ['statement_timeout', 'idle_in_transaction_session_timeout', 'application_name'].map((name) =>
        database.query<{ value: string }>(setting, [name]),
      ),
    );
    expect(values.flat().map(({ value }) => value)).toEqual(['1234ms', '4321ms', 'limits']);
    expect(await sql(database, 'SELECT name FROM pg_prepared_statements')).toEqual([{ name: 'test_setting' }]);
  });

  it('sends neither on the embedded database, whose one backend would share them', async () => {
    const database = await open(fresh.url, { kind: 'embedded', poolSize: 1, statementTimeoutMs: 1234 });
    expect(await database.query(setting, ['statement_timeout'])).toEqual([{ value: '0' }]);
    expect(await sql(database, 'SELECT name FROM pg_prepared_statements')).toEqual([]);
  });

  it('keeps a connection whose statement was refused, and passes the SQLSTATE on', async () => {
    const database = await open(fresh.url, { poolSize: 1 });
    await database.query(insert, [1]);
    const before = await database.query(backend);
    await expect(database.query(insert, [1])).rejects.toMatchObject({ code: '23505' });
    expect(await database.query(backend)).toEqual(before);
  });

  it('commits a transaction as one and rolls it back as one', async () => {
    const database = await open(fresh.url, { poolSize: 2 });
    const before = (await notes(database)) ?? 0;
    expect(await database.transaction(async (q) => [await q.query(insert, [10]), await q.query(insert, [11]), 'result'].at(-1))).toBe(
      'result',
    );
    expect(await notes(database)).toBe(before + 2);

    const refused = database.transaction(async (q) => {
      await q.query(insert, [12]);
      await q.query(insert, [10]);
    });
    await expect(refused).rejects.toMatchObject({ code: '23505' });
    await expect(
      database.transaction(async (q) => {
        await q.query(insert, [13]);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await notes(database)).toBe(before + 2);
    expect(database.pool.totalCount).toBe(database.pool.idleCount);
  });

  it('does not acknowledge a transaction in which an error was swallowed', async () => {
    const database = await open(fresh.url);
    const before = await notes(database);
    const attempt = database.transaction(async (q) => {
      await q.query(insert, [20]);
      await q.query(insert, [20]).catch(() => undefined);
    });
    await expect(attempt).rejects.toBeInstanceOf(TransactionAbortedError);
    expect(await notes(database)).toBe(before);
  });

  it('reports a statement cut off by the server as interrupted, drops the connection and goes on', async () => {
    const lost: Error[] = [];
    const database = await open(fresh.url, { poolSize: 2 }, lost);
    const cut = database.query({ name: 'test_suicide', text: 'SELECT pg_terminate_backend(pg_backend_pid())' });
    await expect(cut).rejects.toBeInstanceOf(DatabaseInterruptedError);
    await expect(cut).rejects.toMatchObject({ data: { statement: 'test_suicide', reasonCode: '57P01' } });
    expect(await notes(database)).toBeGreaterThanOrEqual(0);
  });

  it("reports a transaction's own error even when its connection is gone by then", async () => {
    const database = await open(fresh.url, { poolSize: 1 });
    const attempt = database.transaction(async (q) => {
      await q.query({ name: 'test_suicide', text: 'SELECT pg_terminate_backend(pg_backend_pid())' }).catch(() => undefined);
      throw new Error('my own');
    });
    await expect(attempt).rejects.toThrow('my own');
    expect(await notes(database)).toBeGreaterThanOrEqual(0);
  });

  it('survives a transaction that idles until the server closes its connection', async () => {
    const database = await open(fresh.url, { idleInTransactionTimeoutMs: 50 });
    const attempt = database.transaction(async (q) => {
      const [row] = await q.query<{ pid: number }>(backend);
      await expect.poll(() => sql(database, 'SELECT 1 FROM pg_stat_activity WHERE pid = $1', [row?.pid])).toEqual([]);
      await q.query(insert, [30]);
    });
    await expect(attempt).rejects.toBeInstanceOf(DatabaseInterruptedError);
    expect(await sql(database, 'SELECT 1 FROM notes WHERE id = 30')).toEqual([]);
  });

  it('replaces an idle connection that the server closed, without failing anybody', async () => {
    const lost: Error[] = [];
    const database = await open(fresh.url, { poolSize: 1 }, lost);
    const other = await open(fresh.url);
    const [row] = await database.query<{ pid: number }>(backend);
    await sql(other, 'SELECT pg_terminate_backend($1)', [row?.pid]);
    await expect.poll(() => lost.length).toBe(1);
    await expect(database.transaction(async (q) => q.query(count))).resolves.toHaveLength(1);
  });

  it('gives up on a server that is not there after the time allowed, saying what to do', async () => {
    const database = await open(`postgres://nobody@127.0.0.1:${await freePort()}/none`, { connectRetryMs: 1000 });
    const failure = await database.query(count).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseUnavailableError);
    const { data, message } = failure as DatabaseUnavailableError;
    expect(data.reasonCode).toBe('ECONNREFUSED');
    expect(data.attempts).toBeGreaterThan(2);
    expect(data.waitedMs).toBeGreaterThanOrEqual(1000);
    expect(message).toContain('DATABASE_URL');
  });

  it('bounds a server that accepts and never answers', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const database = await open(`postgres://nobody@127.0.0.1:${port}/none`, { connectionTimeoutMs: 100, connectRetryMs: 0 });
    await expect(database.query(count)).rejects.toMatchObject({ data: { reasonCode: 'connection_timeout', attempts: 1 } });
    silent.close();
  });

  it('fails at once when trying again cannot help', async () => {
    const absent = new URL(fresh.url);
    absent.pathname = '/no_such_database';
    const database = await open(absent.href);
    await expect(database.query(count)).rejects.toMatchObject({
      code: 'HANDOFF_DATABASE_UNAVAILABLE',
      data: { reasonCode: '3D000', attempts: 1 },
    });
  });

  it('tells a full pool from a missing server', async () => {
    const database = await open(fresh.url, { poolSize: 1, connectionTimeoutMs: 100 });
    await database.transaction(async () => {
      await expect(database.query(count)).rejects.toMatchObject({ data: { reasonCode: 'pool_exhausted', attempts: 1 } });
    });
  });

  it('stops waiting and refuses work once closed; closing twice is harmless', async () => {
    const database = await openDatabase(`postgres://nobody@127.0.0.1:${await freePort()}/none`, { connectRetryMs: 60_000 });
    const waiting = database.query(count);
    const outcome = expect(waiting).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await database.close();
    await database.close();
    await outcome;
    await expect(database.query(count)).rejects.toMatchObject({ data: { reasonCode: 'closed' } });
  });

  it("uses a host's pool without ending it or leaving listeners behind", async () => {
    const pool = new pg.Pool({ connectionString: fresh.url });
    // The host's own: `end()` resolves before the server has let go, and the end of this file drops the database.
    const hosts = (): void => undefined;
    pool.on('error', hosts);
    const database = fromPool(pool, {}, { ...systemDeps, onConnectionLost: () => undefined });
    expect(await notes(database)).toBeGreaterThanOrEqual(0);
    await database.close();
    expect(pool.listeners('error')).toEqual([hosts]);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });
});
