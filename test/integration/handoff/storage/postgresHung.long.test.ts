import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database, Statement } from '../../../../src/handoff/storage/database.js';
import { migrate } from '../../../../src/handoff/storage/migrate/migrate.js';
import { fromPool, type PostgresOptions } from '../../../../src/handoff/storage/postgres.js';
import { startBlackHole, type BlackHole } from '../../../setup/blackHole.js';
import { startThrowawayPostgres } from '../../../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';
import { MigrationFolder } from './migrationFolder.js';
import { openDatabase, sql, systemDeps } from './openDatabase.js';

const answerTimeoutMs = 1500;
const closeTimeoutMs = 500;
/** What a loaded machine adds to a limit. */
const slackMs = 3000;
const one: Statement = { name: 'test_one', text: 'SELECT 1 AS one' };
const noAnswer = { code: 'HANDOFF_DATABASE_INTERRUPTED', data: { reasonCode: 'ETIMEDOUT' } };

async function bounded<T>(limitMs: number, work: () => Promise<T>): Promise<T> {
  const startMs = performance.now();
  try {
    return await work();
  } finally {
    expect(performance.now() - startMs).toBeLessThan(limitMs + slackMs);
  }
}

describe('PostgreSQL that no longer answers', () => {
  let server: ThrowawayServer;
  let hole: BlackHole;
  const opened: Database[] = [];
  beforeAll(async () => {
    server = await startThrowawayPostgres();
  });
  afterEach(async () => {
    await server.resume();
    await Promise.all(opened.splice(0).map((database) => database.close()));
    await hole.close();
  });
  afterAll(() => server.stop());

  async function open({ connectionString, ...options }: Partial<PostgresOptions> = {}): Promise<Database> {
    hole = await startBlackHole(server.port);
    const url = new URL(server.url);
    url.port = String(hole.port);
    const database = await openDatabase(connectionString ?? url.href, {
      answerTimeoutMs,
      closeTimeoutMs,
      connectionTimeoutMs: 1000,
      connectRetryMs: 1000,
      ...options,
    });
    opened.push(database);
    return database;
  }

  it('ends a statement that a black hole swallowed, and its connection, and goes on when the way is clear', async () => {
    const database = await open({ poolSize: 1 });
    await database.query(one);
    hole.swallow();
    await expect(bounded(answerTimeoutMs, () => database.query(one))).rejects.toMatchObject(noAnswer);
    await expect(bounded(2000, () => database.query(one))).rejects.toMatchObject({
      code: 'HANDOFF_DATABASE_UNAVAILABLE',
      data: { reasonCode: 'connection_timeout' },
    });
    hole.pass();
    expect(await database.query(one)).toEqual([{ one: 1 }]);
    expect(database.pool.totalCount).toBe(1);
  });

  it('ends a statement on a server that is stopped, and one in a transaction, whose COMMIT may have happened', async () => {
    const database = await open({ poolSize: 2 });
    await sql(database, 'CREATE TABLE hung (id integer)');
    const atCommit = database.transaction(async (q) => {
      await q.query({ name: 'test_hung', text: 'INSERT INTO hung VALUES (1)' });
      await server.pause();
    });
    await expect(bounded(answerTimeoutMs, () => atCommit)).rejects.toMatchObject({ ...noAnswer, data: { statement: 'COMMIT' } });
    await server.resume();
    const within = database.transaction(async (q) => {
      await server.pause();
      await q.query(one);
    });
    await expect(bounded(2 * answerTimeoutMs, () => within)).rejects.toMatchObject({ ...noAnswer, data: { statement: 'test_one' } });
    await server.resume();
    await expect.poll(() => database.query(one), { timeout: 10_000 }).toEqual([{ one: 1 }]);
  });

  it('replaces a connection that falls silent at BEGIN', async () => {
    const database = await open({ poolSize: 1, connectRetryMs: 20_000 });
    await database.query(one);
    hole.swallow();
    const transaction = database.transaction((q) => q.query(one));
    await expect.poll(() => database.pool.totalCount, { timeout: 10_000 }).toBe(1);
    setTimeout(() => hole.pass(), answerTimeoutMs + 200);
    expect(await transaction).toEqual([{ one: 1 }]);
  });

  it('takes an answer that had arrived while this process stood still', async () => {
    // Without the black hole, which stands still as well: it would have to pass on the answer afterwards, within a second.
    const database = await open({ poolSize: 1, connectionString: server.url });
    await database.query(one);
    const answer = database.query(one);
    await new Promise((resolve) => setImmediate(resolve));
    const startMs = performance.now();
    while (performance.now() - startMs < answerTimeoutMs + 500);
    expect(await answer).toEqual([{ one: 1 }]);
  });

  it('is closed within the limit: idle connections, one with a statement under way, one being made', async () => {
    const database = await open({ poolSize: 4, answerTimeoutMs: 60_000, connectionTimeoutMs: 60_000 });
    await Promise.all([database.query(one), database.query(one)]);
    hole.swallow();
    const calls = [1, 2, 3].map(() => database.query(one).catch((error: unknown) => error));
    await expect.poll(() => hole.openConnections()).toBeGreaterThanOrEqual(3);
    await bounded(closeTimeoutMs, () => database.close());
    for (const outcome of await Promise.all(calls))
      expect(outcome).toMatchObject({ code: expect.stringMatching(/^HANDOFF_DATABASE_(INTERRUPTED|UNAVAILABLE)$/) });
  });

  it('ends a migration, however long its statements may take, when the server answers no other connection either', async () => {
    const database = await open({ poolSize: 2 });
    using folder = new MigrationFolder({ '000001_a.sql': 'SELECT pg_sleep(3)', '000002_b.sql': 'SELECT pg_sleep(3600)' });
    const run = migrate(database, { folder: folder.url, probeIntervalMs: 200 }, systemDeps);
    const outcome = expect(run).rejects.toMatchObject({ ...noAnswer, data: { statement: 'migration b' } });
    const started = async (): Promise<boolean> =>
      (await sql(database, "SELECT 1 FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(3600)'")).length > 0;
    await expect.poll(started, { timeout: 20_000 }).toBe(true);
    hole.swallow();
    await outcome;
  }, 60_000);

  it("bounds statements on a host's pool, and gives up a connection that its query_timeout left busy", async () => {
    hole = await startBlackHole(server.port);
    const url = new URL(server.url);
    url.port = String(hole.port);
    const pool = new pg.Pool({ connectionString: url.href, max: 1, query_timeout: 300 });
    pool.on('error', () => undefined);
    const database = fromPool(pool, { answerTimeoutMs }, { ...systemDeps, onConnectionLost: () => undefined });
    const [before] = await database.query<{ pid: number }>({ name: 'test_pid', text: 'SELECT pg_backend_pid() AS pid' });
    await expect(database.query({ name: 'test_sleep', text: 'SELECT pg_sleep(60)' })).rejects.toMatchObject({
      data: { reasonCode: 'query_timeout' },
    });
    expect(await database.query({ name: 'test_pid', text: 'SELECT pg_backend_pid() AS pid' })).not.toEqual([before]);
    await pool.end();
    const patient = new pg.Pool({ connectionString: url.href, max: 1 });
    patient.on('error', () => undefined);
    const other = fromPool(patient, { answerTimeoutMs }, { ...systemDeps, onConnectionLost: () => undefined });
    await other.query(one);
    hole.swallow();
    await expect(bounded(answerTimeoutMs, () => other.query(one))).rejects.toMatchObject(noAnswer);
    await patient.end();
  });
});
