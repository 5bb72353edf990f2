import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cacheFailed, type Cache } from '../../../../src/handoff/storage/cache.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createRedisCache } from '../../../../src/handoff/storage/redisCache.js';
import { systemClock } from '../../../../src/time/clock.js';
import { startThrowawayRedis } from '../../../setup/throwawayRedis.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';

let server: ThrowawayServer;
let direct: Redis;
let cache: Cache;
const told: string[] = [];
beforeAll(async () => {
  server = await startThrowawayRedis({});
  direct = new Redis(server.url);
  const fallback = await createMemoryCache({}, { clock: systemClock });
  cache = await createRedisCache(
    { connection: { url: server.url }, commandTimeoutMs: 5000 },
    { fallback, clock: systemClock, random: Math.random, onError: (operation, error) => void told.push(`${operation} ${error.message}`) },
  );
});
afterAll(async () => {
  await cache.close();
  direct.disconnect();
  await server.stop();
});

async function figure(section: string, pattern: RegExp): Promise<number> {
  return Number(pattern.exec(await direct.info(section))?.[1] ?? 0);
}

it('a master that became a replica is neither connected to nor asked to delete without pause, and serves again as a master', async () => {
  await cache.set('key', 'before', 60);
  await direct.replicaof('127.0.0.1', 1);
  const connections = await figure('stats', /total_connections_received:(\d+)/);
  expect(await cache.set('key', 'meanwhile', 60)).toBe(cacheFailed);
  const untilMs = performance.now() + 1500;
  while (performance.now() < untilMs) {
    expect(await cache.get('key')).toBe('meanwhile');
    await cache.get('another');
    await sleep(5);
  }
  expect((await figure('stats', /total_connections_received:(\d+)/)) - connections).toBe(1);
  expect(await figure('commandstats', /cmdstat_del:.*rejected_calls=(\d+)/)).toBeLessThanOrEqual(3);
  expect(await cache.probe?.()).toEqual({ isReplica: true });
  // Why the connection was left, and not only that it is closed.
  expect(told.filter((text) => text.startsWith('connection'))).toEqual([expect.stringMatching(/^connection READONLY/)]);

  await direct.call('REPLICAOF', 'NO', 'ONE');
  await expect.poll(async () => [await cache.get('another'), await direct.exists('key')], { timeout: 5000 }).toEqual([undefined, 0]);
  expect(await cache.set('key', 'after', 60)).toBeUndefined();
  expect(await direct.get('key')).toBe('after');
});

it('what was refused before it became a master again is not told as the reason why a later connection ended', async () => {
  await direct.replicaof('127.0.0.1', 1);
  // The first refusal may make a new connection; the next ones come too soon for that.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await expect.poll(async () => (await cache.probe?.())?.isReplica).toBe(true);
    expect(await cache.set('key', 'meanwhile', 60)).toBe(cacheFailed);
  }
  await direct.call('REPLICAOF', 'NO', 'ONE');
  await expect.poll(() => cache.set('key', 'after', 60)).toBeUndefined();
  told.length = 0;
  direct.disconnect();
  await server.kill9();
  await expect.poll(() => told[0]).toMatch(/^connection (?:Connection is closed|.*ECONN)/);
});
