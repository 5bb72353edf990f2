import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatabaseInterruptedError, DatabaseUnavailableError } from '../../../../src/errors/databaseErrors.js';
import type { Database, Statement } from '../../../../src/handoff/storage/database.js';
import { startThrowawayPostgres } from '../../../setup/throwawayPostgres.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';
import { openDatabase, sql } from './openDatabase.js';

const write: Statement = { name: 'test_write', text: 'INSERT INTO acknowledged (writer, n) VALUES ($1, $2)' };

describe('a PostgreSQL server that is killed and comes back', () => {
  let server: ThrowawayServer;
  let database: Database;
  const lost: Error[] = [];

  beforeAll(async () => {
    server = await startThrowawayPostgres();
    database = await openDatabase(server.url, { poolSize: 8, connectRetryMs: 20_000 }, lost);
    await sql(database, 'CREATE TABLE acknowledged (writer integer, n integer, PRIMARY KEY (writer, n))');
  });
  afterAll(async () => {
    await database.close();
    await server.stop();
  });

  it('loses nothing it acknowledged, and the pool heals by itself', async () => {
    const acknowledged: (readonly [number, number])[] = [];
    const failures: unknown[] = [];
    const unhandled: unknown[] = [];
    const onUnhandled = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', onUnhandled);
    let stop = false;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let n = 0; !stop; n += 1) {
        try {
          if (n % 3 === 0) await database.transaction((q) => q.query(write, [writer, n]));
          else await database.query(write, [writer, n]);
          acknowledged.push([writer, n]);
        } catch (error) {
          failures.push(error);
        }
      }
    });

    try {
      await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(200);
      await server.kill9();
      const beforeRestart = acknowledged.length;
      await expect.poll(() => failures.length, { timeout: 20_000 }).toBeGreaterThan(0); // writers have met the dead server
      await server.start();
      await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(beforeRestart + 200);
    } finally {
      // Writers left running would meet a closed database, which refuses at once, and starve everything else in this process.
      stop = true;
      await Promise.all(writers);
    }
    process.off('unhandledRejection', onUnhandled);

    expect(unhandled).toEqual([]);
    // Each writer was cut off at most once; everybody else waited for the server to come back.
    expect(failures.length).toBeLessThanOrEqual(16);
    for (const failure of failures)
      expect(failure instanceof DatabaseInterruptedError || failure instanceof DatabaseUnavailableError, String(failure)).toBe(true);
    const rows = await sql<{ writer: number; n: number }>(database, 'SELECT writer, n FROM acknowledged');
    const kept = new Set(rows.map(({ writer, n }) => `${writer}/${n}`));
    expect(acknowledged.filter(([writer, n]) => !kept.has(`${writer}/${n}`))).toEqual([]);
    expect(database.pool.totalCount).toBeLessThanOrEqual(8);
  }, 90_000);
});
