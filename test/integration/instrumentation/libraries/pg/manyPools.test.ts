import fc from 'fast-check';
import type pg from 'pg';
import Cursor from 'pg-cursor';
import { expect, it } from 'vitest';
import { coveredPg, testPool } from './coveredPg.js';

/** What one caller does with a pool; says how many queries that were. */
const DEEDS = {
  query: async (pool) => {
    await pool.query('SELECT 1');
    return 1;
  },
  failure: async (pool) => {
    await pool.query('SELECT 1/0').catch(() => undefined);
    return 1;
  },
  transaction: async (pool) => {
    const client = await pool.connect();
    for (const sql of ['BEGIN', 'SELECT 1', 'COMMIT']) await client.query(sql);
    client.release();
    return 3;
  },
  cursor: async (pool) => {
    const client = await pool.connect();
    const cursor = client.query(new Cursor('SELECT * FROM generate_series(1, 20)'));
    await cursor.read(5);
    await cursor.close();
    client.release();
    return 1;
  },
  discarded: async (pool) => {
    const client = await pool.connect();
    await client.query('SELECT 1');
    client.release(true);
    return 1;
  },
} as const satisfies Record<string, (pool: pg.Pool) => Promise<number>>;

const deed = fc.record({ pool: fc.nat(2), name: fc.constantFrom(...(Object.keys(DEEDS) as (keyof typeof DEEDS)[])) });

it('whatever callers do at once, every query is counted once and nothing stays in use or waiting', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 40 }), async (deeds) => {
      await using covered = coveredPg();
      await using one = testPool({ max: 1 });
      await using two = testPool({ max: 2 });
      await using three = testPool({ max: 3 });
      const pools = [one, two, three];
      const counts = await Promise.all(deeds.map(({ pool, name }) => DEEDS[name](pools[pool] ?? one)));
      const queries = counts.reduce((sum, count) => sum + count, 0);

      const total = async (metric: string): Promise<number> => (await covered.points(metric)).reduce((sum, { value }) => sum + value, 0);
      expect([covered.spans().length, await total('db.client.operation.duration')]).toEqual([queries, queries]);
      expect([await total('db.client.connection.wait_time'), await total('db.client.connection.use_time')]).toEqual([
        deeds.length,
        deeds.length,
      ]);
      const used = new Set(deeds.map(({ pool }) => pool));
      expect(await total('db.client.connection.limit')).toBe([...used].reduce((sum, index) => sum + index + 1, 0));
      expect(await total('db.client.connection.pending_requests')).toBe(0);
      const states = (await covered.points('db.client.connection.count')).map(({ attributes, value }) => [
        attributes['db.client.connection.state'],
        value,
      ]);
      expect(states).toEqual([
        ['used', 0],
        ['idle', pools.reduce((sum, { idleCount }) => sum + idleCount, 0)],
      ]);
    }),
    { numRuns: 15 },
  );
});
