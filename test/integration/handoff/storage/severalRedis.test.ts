import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { Cluster, Redis } from 'ioredis';
import { openCache } from '../../../../src/handoff/cli/openStorage.js';
import { resolveConfig } from '../../../../src/handoff/config/resolve.js';
import type { Cache } from '../../../../src/handoff/storage/cache.js';
import { startRedisCluster } from '../../../setup/redisCluster.js';
import { startRedisSentinel } from '../../../setup/redisSentinel.js';

let cache: Cache | undefined;
afterEach(() => cache?.close());

/** The cache of a server with these settings; `failures` counts what it absorbed. */
async function cacheOf(variables: Record<string, string>, failures: string[] = []): Promise<Cache> {
  const { settings } = resolveConfig({
    DATABASE_URL: 'postgres://localhost/none',
    HANDOFF_REDIS_COMMAND_TIMEOUT_MS: '2000',
    ...variables,
  });
  cache = await openCache(settings, (operation) => failures.push(operation));
  return cache;
}

it('REDIS_SENTINELS: finds the master, and follows it after a failover', async () => {
  await using redis = await startRedisSentinel();
  const list = redis.sentinels.map(({ host, port }) => `${host}:${port}`).join(',');
  const opened = await cacheOf({
    REDIS_SENTINELS: `:${encodeURIComponent(redis.password)}@${list}/${redis.name}`,
    REDIS_SENTINEL_PASSWORD: redis.password,
  });
  const inMaster = async (key: string): Promise<string | null> => {
    const direct = new Redis({ host: '127.0.0.1', port: await redis.masterPort(), password: redis.password });
    try {
      return await direct.get(key);
    } finally {
      direct.disconnect();
    }
  };
  const before = randomUUID();
  await opened.set(before, 'before', 60);
  expect(await inMaster(before)).toBe('before');
  const firstPort = await redis.masterPort();
  await redis.failOver();
  expect(await redis.masterPort()).not.toBe(firstPort);
  const after = randomUUID();
  await expect
    .poll(
      async () => {
        await opened.set(after, 'after', 60);
        return inMaster(after);
      },
      { timeout: 30_000 },
    )
    .toBe('after');
});

it('REDIS_CLUSTER: stores each key on the node that has its slot', async () => {
  await using redis = await startRedisCluster();
  const failures: string[] = [];
  const opened = await cacheOf({ REDIS_CLUSTER: clusterAddress(redis) }, failures);
  const keys = Array.from({ length: 50 }, () => `session:${randomUUID()}`);
  await Promise.all(keys.map((key) => opened.set(key, `value of ${key}`, 60)));
  expect(await Promise.all(keys.map((key) => opened.get(key)))).toEqual(keys.map((key) => `value of ${key}`));
  const direct = new Cluster([...redis.nodes], { redisOptions: { password: redis.password } });
  try {
    expect(await Promise.all(keys.map((key) => direct.get(key)))).toEqual(keys.map((key) => `value of ${key}`));
  } finally {
    direct.disconnect();
  }
  expect(await opened.delete(keys[0] ?? '')).toBeGreaterThan(10);
  expect(await opened.get(keys[0] ?? '')).toBeUndefined();
  expect(failures).toEqual([]);
});

function clusterAddress({ nodes, password }: Awaited<ReturnType<typeof startRedisCluster>>): string {
  return `redis://:${encodeURIComponent(password)}@${nodes.map(({ host, port }) => `${host}:${port}`).join(',')}`;
}
