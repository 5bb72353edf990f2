import { once } from 'node:events';
import { createServer } from 'node:net';
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Cache, CacheOperation } from '../../../../src/handoff/storage/cache.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createRedisCache, type RedisCacheOptions } from '../../../../src/handoff/storage/redisCache.js';
import { meteredCache } from '../../../../src/handoff/storage/meteredCache.js';
import { redisRefusal } from '../../../../src/handoff/storage/redisFailure.js';
import { systemClock } from '../../../../src/time/clock.js';
import { freePort } from '../../../setup/freePort.js';
import { redisUrl } from '../../../setup/services.js';
import { startThrowawayRedis } from '../../../setup/throwawayRedis.js';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';
import { expectWithin } from '../../../setup/expectWithin.js';

const limitMs = 300;
const patientMs = 20_000;
/** What a call may take on top of its bound. */
const slackMs = 200;

const open: Cache[] = [];
const errors: CacheOperation[] = [];

/** `commandTimeoutMs` is more than any answer takes, where it is not what a test is about. */
async function cacheAt(connection: RedisCacheOptions['connection'], commandTimeoutMs = limitMs): Promise<Cache> {
  const fallback = await createMemoryCache({}, { clock: systemClock });
  const cache = await createRedisCache(
    { connection, commandTimeoutMs },
    { fallback, clock: systemClock, random: Math.random, onError: (operation) => void errors.push(operation) },
  );
  open.push(cache);
  return cache;
}

/** Runs a call and checks that it answered within the bound. */
async function bounded<T>(call: () => Promise<T>): Promise<T> {
  const startMs = performance.now();
  const answer = await call();
  expectWithin(performance.now() - startMs, limitMs, slackMs);
  return answer;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((cache) => cache.close()));
  errors.length = 0;
});

describe('Redis cache', () => {
  const prefix = randomUUID();
  let direct: Redis;
  beforeAll(() => {
    direct = new Redis(redisUrl());
  });
  afterAll(() => {
    direct.disconnect();
  });

  it('stores in Redis from the very first call, for the time given', async () => {
    const cache = await cacheAt({ url: redisUrl() }, patientMs);
    await cache.set(`${prefix}:a`, 'value', 60);
    expect(await direct.get(`${prefix}:a`)).toBe('value');
    expect(await direct.ttl(`${prefix}:a`)).toBeGreaterThan(55);
    expect(await cache.get(`${prefix}:a`)).toBe('value');
    await cache.delete(`${prefix}:a`);
    expect(await cache.get(`${prefix}:a`)).toBeUndefined();
    expect(await direct.exists(`${prefix}:a`)).toBe(0);
    expect(errors).toEqual([]);
  });

  it('removes a key set with no time to live', async () => {
    const cache = await cacheAt({ url: redisUrl() }, patientMs);
    await cache.set(`${prefix}:b`, 'value', 60);
    await cache.set(`${prefix}:b`, 'value', 0);
    expect(await direct.exists(`${prefix}:b`)).toBe(0);
  });

  it("uses a host's client, leaves it open and takes its listeners away", async () => {
    const before = direct.listenerCount('error');
    const cache = await cacheAt({ client: direct }, patientMs);
    await cache.set(`${prefix}:c`, 'value', 60);
    expect(await cache.get(`${prefix}:c`)).toBe('value');
    await cache.close();
    expect(direct.listenerCount('error')).toBe(before);
    expect(await direct.ping()).toBe('PONG');
  });

  it('reports a refused command and serves from memory', async () => {
    const cache = await cacheAt({ url: redisUrl() }, patientMs);
    await direct.rpush(`${prefix}:list`, 'x');
    expect(await cache.get(`${prefix}:list`)).toBeUndefined();
    expect(errors).toEqual(['get']);
  });
});

it('is probed with what a user of the cache may do, and no more', async () => {
  await using server = await startThrowawayRedis();
  const admin = new Redis(server.url);
  await admin.call(
    'ACL',
    'SETUSER',
    'cache',
    'on',
    '>secret',
    '+get',
    '+set',
    '+del',
    '+info',
    '~session:*',
    '~handoff:*',
    '~archived_session*',
  );
  admin.disconnect();
  const cache = await cacheAt({ url: server.url.replace(/\/\/[^@]*@/, '//cache:secret@') }, patientMs);
  expect(await cache.probe?.()).toEqual({ memoryBytes: expect.any(Number) });
  expect(errors).toEqual([]);
});

describe('Redis cache that Redis refuses', () => {
  it.each([
    ['OOM', (url: string) => url],
    ['WRONGPASS', (url: string) => url.replace(/\/\/:[^@]*@/, '//:wrong@')],
    ['NOAUTH', (url: string) => url.replace(/\/\/:[^@]*@/, '//')],
  ])('says %s and does not count the write as done', async (word, address) => {
    const server = await startThrowawayRedis({ settings: { maxmemory: '1', 'maxmemory-policy': 'noeviction' } });
    try {
      const seen: string[] = [];
      const results: unknown[] = [];
      const fallback = await createMemoryCache({}, { clock: systemClock });
      const redis = await createRedisCache(
        { connection: { url: address(server.url) }, commandTimeoutMs: patientMs },
        {
          fallback,
          clock: systemClock,
          random: Math.random,
          onError: (_operation, error) => void seen.push(redisRefusal(error)?.word ?? error.message),
        },
      );
      open.push(redis);
      const cache = meteredCache(redis, (_value, attributes) => void results.push(attributes?.['handoff.cache.result']));
      await cache.set('a', '1', 60);
      expect(await cache.get('a')).toBe('1');
      expect(results).toEqual(['error', 'hit']);
      await expect.poll(() => seen).toContain(word);
    } finally {
      await server.stop();
    }
  });
});

describe('Redis cache without Redis', () => {
  it('answers from memory at once when nothing listens', async () => {
    const cache = await cacheAt({ url: `redis://127.0.0.1:${await freePort()}` });
    await bounded(() => cache.set('a', '1', 60));
    expect(await bounded(() => cache.get('a'))).toBe('1');
    const startMs = performance.now();
    for (let n = 0; n < 1000; n += 1) await cache.get('a');
    expectWithin(performance.now() - startMs, limitMs, slackMs);
    expect(errors).toContain('connection');
  });

  it('answers within its bound when the server accepts and says nothing', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const cache = await cacheAt({ url: `redis://127.0.0.1:${port}` });
    await Promise.all(Array.from({ length: 50 }, (_, n) => bounded(() => cache.set(`k${n}`, 'v', 60))));
    expect(await bounded(() => cache.get('k49'))).toBe('v');
    await bounded(() => cache.close());
    silent.close();
  });

  it('can be closed at any time, and then only misses', async () => {
    const cache = await cacheAt({ url: `redis://127.0.0.1:${await freePort()}` });
    await Promise.all([bounded(() => cache.close()), bounded(() => cache.get('a'))]);
    await cache.close();
    expect(await bounded(() => cache.get('a'))).toBeUndefined();
  });
});

describe('Redis cache through failures of the server', () => {
  let server: ThrowawayServer;
  let direct: Redis;
  beforeAll(async () => {
    server = await startThrowawayRedis();
    direct = new Redis(server.url, { retryStrategy: () => 50 });
    direct.on('error', () => undefined); // it is killed below
  });
  afterAll(async () => {
    direct.disconnect();
    await server.stop();
  });

  it('rides out a server that hangs: one slow call, the others at once, then Redis again', async () => {
    const cache = await cacheAt({ url: server.url });
    await cache.set('k', 'old', 60);
    await server.pause();
    await Promise.all(Array.from({ length: 20 }, () => bounded(() => cache.set('k', 'new', 60))));
    const startMs = performance.now();
    expect(await cache.get('k')).toBe('new');
    expectWithin(performance.now() - startMs, 0, 100);
    await server.resume();
    // The value Redis may still have is older than what was written meanwhile: it must never be seen again.
    await expect.poll(async () => (await cache.get('probe'), (await cache.get('k')) ?? 'dropped'), { timeout: 10_000 }).toBe('dropped');
    expect(await direct.get('k')).toBeNull();
    await cache.set('k', 'newest', 60);
    expect(await direct.get('k')).toBe('newest');
  });

  it('rides out a server that is killed and comes back, without an unhandled error', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const cache = await cacheAt({ url: server.url });
    await cache.set('k', 'before', 60);
    await server.kill9();
    await bounded(() => cache.set('k', 'during', 60));
    await bounded(() => cache.delete('gone'));
    expect(await bounded(() => cache.get('k'))).toBe('during');
    await server.start();
    await expect
      .poll(async () => (await cache.set('probe', 'x', 60), direct.status === 'ready' ? direct.get('probe') : null), { timeout: 10_000 })
      .toBe('x');
    await expect.poll(() => cache.get('k')).toBeUndefined();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
    expect(errors).toContain('connection');
  });

  it('reconnects when the server turns read-only, as after a failover', async () => {
    const cache = await cacheAt({ url: server.url });
    await cache.set('w', '1', 60);
    await direct.replicaof('127.0.0.1', String(await freePort()));
    await bounded(() => cache.set('w', '2', 60));
    expect(await bounded(() => cache.get('w'))).toBe('2');
    expect(errors).toContain('set');
    await direct.replicaof('NO', 'ONE');
    await expect.poll(async () => (await cache.set('w', '3', 60), direct.get('w')), { timeout: 10_000 }).toBe('3');
  });
});
