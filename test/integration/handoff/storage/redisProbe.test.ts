import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cache } from '../../../../src/handoff/storage/cache.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createRedisCache } from '../../../../src/handoff/storage/redisCache.js';
import { systemClock } from '../../../../src/time/clock.js';
import { startThrowawayRedis } from '../../../setup/throwawayRedis.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';

let server: ThrowawayServer;
let direct: Redis;
let cache: Cache;
beforeAll(async () => {
  server = await startThrowawayRedis({ settings: { 'maxmemory-policy': 'noeviction' } });
  direct = new Redis(server.url);
  const fallback = await createMemoryCache({}, { clock: systemClock });
  cache = await createRedisCache(
    { connection: { url: server.url }, commandTimeoutMs: 5000 },
    { fallback, clock: systemClock, random: Math.random, onError: () => undefined },
  );
});
afterAll(async () => {
  await cache.close();
  direct.disconnect();
  await server.stop();
});

it('a probe notices that Redis answers and has no memory for writes, and that it has again', async () => {
  expect(await cache.probe?.()).toEqual({ isReplica: false });
  await direct.config('SET', 'maxmemory', '1');
  await expect(cache.probe?.()).rejects.toThrow(/^OOM/);
  await direct.config('SET', 'maxmemory', '0');
  expect(await cache.probe?.()).toEqual({ isReplica: false });
});

it('a probe does not mind what others make of its key', async () => {
  await cache.probe?.();
  for (const key of await direct.keys('*')) await direct.multi().del(key).rpush(key, 'not what it was').exec();
  expect(await cache.probe?.()).toEqual({ isReplica: false });
});

it('a probe leaves nothing in Redis that stays', async () => {
  await cache.probe?.();
  for (const key of await direct.keys('*')) expect(await direct.ttl(key)).toBeGreaterThan(0);
});

it('a probe says why there is no connection', async () => {
  const fallback = await createMemoryCache({}, { clock: systemClock });
  const refused = await createRedisCache(
    { connection: { url: server.url.replace(/\/\/:[^@]*@/, '//:wrong@') }, commandTimeoutMs: 5000 },
    { fallback, clock: systemClock, random: Math.random, onError: () => undefined },
  );
  await refused.get('any');
  await expect.poll(() => refused.probe?.().catch((error: Error) => error.message)).toMatch(/^WRONGPASS/);
  await refused.close();
});
