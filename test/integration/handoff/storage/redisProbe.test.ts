import { EventEmitter } from 'node:events';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { cacheFailed, type Cache } from '../../../../src/handoff/storage/cache.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createRedisCache } from '../../../../src/handoff/storage/redisCache.js';
import type { RedisClient } from '../../../../src/handoff/storage/redisClient.js';
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
  expect(await cache.probe?.()).toMatchObject({ isReplica: false });
  await direct.config('SET', 'maxmemory', '1');
  await expect(cache.probe?.()).rejects.toThrow(/^OOM/);
  await direct.config('SET', 'maxmemory', '0');
  expect(await cache.probe?.()).toMatchObject({ isReplica: false });
});

it('a probe does not mind what others make of its key', async () => {
  await cache.probe?.();
  for (const key of await direct.keys('*')) await direct.multi().del(key).rpush(key, 'not what it was').exec();
  expect(await cache.probe?.()).toMatchObject({ isReplica: false });
});

it('a probe reads nothing that others could put where it reads', async () => {
  const monitor = await direct.monitor();
  const read: string[] = [];
  monitor.on('monitor', (_time: string, [command = '', key = '']: readonly string[]) => {
    if (command.toLowerCase() === 'get') read.push(key);
  });
  await cache.probe?.();
  await vi.waitFor(() => expect(read).toHaveLength(1), 5000);
  monitor.disconnect();
  // GET refuses a list; a text of megabytes it would send.
  for (const key of read) await direct.rpush(key, 'not what it was');
  expect(await cache.probe?.()).toMatchObject({ isReplica: false });
  await direct.del(read);
});

it('a probe tells what Redis holds, where its user may ask', async () => {
  await direct.mset(Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`held:${at}`, 'x'.repeat(1000)])));
  const { keyCount, memoryBytes = 0 } = (await cache.probe?.()) ?? {};
  expect(keyCount).toBe(await direct.dbsize());
  expect(memoryBytes).toBeGreaterThan(500_000);
  expect(memoryBytes).toBeLessThan(100_000_000);
  await direct.del(Array.from({ length: 500 }, (_, at) => `held:${at}`));

  await direct.call('ACL', 'SETUSER', 'plain', 'on', '>secret', '+get', '+set', '~*');
  const url = new URL(server.url);
  [url.username, url.password] = ['plain', 'secret'];
  const fallback = await createMemoryCache({}, { clock: systemClock });
  const plain = await createRedisCache(
    { connection: { url: url.href }, commandTimeoutMs: 5000 },
    { fallback, clock: systemClock, random: Math.random, onError: () => undefined },
  );
  expect(await plain.probe?.()).toEqual({});
  await plain.close();
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

it.each([
  ['that Redis does not have', '99999', ':', /^ERR DB index/],
  ['that its user may not choose', '3', 'confined:secret', /^NOPERM/],
])('a database %s is not exchanged for another one, and the probe says why', async (_what, number, signIn, why) => {
  await direct.call('ACL', 'SETUSER', 'confined', 'on', '>secret', '+get', '+set', '+del', '+info', '~*');
  const url = new URL(server.url);
  if (signIn !== ':') [url.username = '', url.password = ''] = signIn.split(':');
  url.pathname = number;
  const told: string[] = [];
  const fallback = await createMemoryCache({}, { clock: systemClock });
  const elsewhere = await createRedisCache(
    { connection: { url: url.href }, commandTimeoutMs: 5000 },
    { fallback, clock: systemClock, random: Math.random, onError: (_operation, error) => void told.push(error.message) },
  );
  // It tries again, and is refused again.
  await expect.poll(() => told.filter((message) => why.test(message)).length).toBeGreaterThan(1);
  await expect.poll(() => elsewhere.probe?.().catch((error: Error) => error.message)).toMatch(why);
  expect(await elsewhere.set('of another environment', 'value', 60)).toBe(cacheFailed);
  expect(await direct.exists('of another environment')).toBe(0);
  await elsewhere.close();
});

it('a client of a host that stayed in another database is left alone too, although it says that it is ready', async () => {
  const client = new EventEmitter() as EventEmitter & RedisClient;
  const set = vi.fn(async () => 'OK');
  Object.assign(client, { status: 'connect', set, get: async () => null, del: async () => 0, strlen: async () => 0 });
  const onReady = vi.fn();
  const fallback = await createMemoryCache({}, { clock: systemClock });
  const deps = { fallback, clock: systemClock, random: Math.random, onError: () => undefined, onReady };
  const older = await createRedisCache({ connection: { client } }, deps);
  const refusal = Object.assign(new Error('ERR DB index is out of range'), { command: { name: 'select' } });
  client.emit('error', refusal);
  Object.assign(client, { status: 'ready' });
  client.emit('ready');
  expect(await older.set('a', '1', 60)).toBe(cacheFailed);
  await expect(older.probe?.()).rejects.toBe(refusal);
  expect([set.mock.calls, onReady.mock.calls]).toEqual([[], []]);
  client.emit('close');
  client.emit('ready');
  expect(await older.set('a', '1', 60)).not.toBe(cacheFailed);
  expect(onReady).toHaveBeenCalledOnce();
  await older.close();
});
