import pg from 'pg';
import { expect, it } from 'vitest';
import { freePort } from '../../../../setup/freePort.js';
import { coveredPg } from './coveredPg.js';

it('pools of a thousand databases are counted while they are open, and those that come later as well', async () => {
  await using covered = coveredPg();
  const port = await freePort();
  const asked = async (database: string, max: number): Promise<pg.Pool> => {
    const pool = new pg.Pool({ host: '127.0.0.1', port, database, max });
    await pool.query('SELECT 1').catch(() => undefined);
    return pool;
  };
  const total = async (metric: string): Promise<number> => (await covered.points(metric)).reduce((sum, { value }) => sum + value, 0);
  const series = async (metric: string): Promise<number> => (await covered.points(metric)).length;
  const tenants = await Promise.all(Array.from({ length: 1100 }, (_, tenant) => asked(`tenant_${tenant}`, 3)));
  expect(await total('db.client.connection.limit')).toBe(3300);
  await Promise.all(tenants.map((pool) => pool.end()));
  expect(await total('db.client.connection.limit')).toBe(0);
  const last = [await asked('tenant_last', 7), await asked('tenant_very_last', 4)];
  expect(await total('db.client.connection.limit')).toBe(11);
  for (const metric of ['db.client.connection.limit', 'db.client.connection.wait_time', 'db.client.operation.duration'])
    expect([metric, await series(metric)]).toEqual([metric, 501]);
  expect(await total('db.client.operation.duration')).toBe(1102);
  await Promise.all(last.map((pool) => pool.end()));
  expect(await total('db.client.connection.limit')).toBe(0);
});
