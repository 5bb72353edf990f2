import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { Cluster, Redis } from 'ioredis';
import { openCache } from '../../../../src/handoff/cli/openStorage.js';
import { resolveConfig } from '../../../../src/handoff/config/resolve.js';
import { redisCheck } from '../../../../src/handoff/monitoring/health/checks/redis.js';
import { cacheFailed, type Cache } from '../../../../src/handoff/storage/cache.js';
import { redisRefusal } from '../../../../src/handoff/storage/redisFailure.js';
import { startRedisCluster, type RedisCluster } from '../../../setup/redisCluster.js';
import { startRedisSentinel } from '../../../setup/redisSentinel.js';

let cache: Cache | undefined;
afterEach(() => cache?.close());

/** The cache of a server with these settings; `failures` gets what it absorbed. */
async function cacheOf(variables: Record<string, string>, failures: string[] = []): Promise<Cache> {
  const { settings } = resolveConfig({
    DATABASE_URL: 'postgres://localhost/none',
    HANDOFF_REDIS_COMMAND_TIMEOUT_MS: '2000',
    ...variables,
  });
  cache = await openCache(settings, (operation, error) => failures.push(redisRefusal(error)?.word ?? operation));
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

it('REDIS_CLUSTER: a write that failed is not made later, over what was written or erased after it', async () => {
  await using redis = await startRedisCluster();
  // Half of the limit is for its attempts, which a busy machine needs: what comes after the limit would be made.
  const opened = await cacheOf({ REDIS_CLUSTER: clusterAddress(redis), HANDOFF_REDIS_COMMAND_TIMEOUT_MS: '1000' });
  const key = `session:${randomUUID()}`;
  await expect.poll(() => opened.set(key, 'first', 60)).not.toBe(cacheFailed);
  expect(await opened.delete(key)).toBeGreaterThan(0);
  const { slot, admin } = await ownerOf(redis, key);
  await admin.cluster('DELSLOTS', slot);
  expect(await opened.set(key, 'erased', 3600)).toBe(cacheFailed);
  await admin.cluster('ADDSLOTS', slot);
  // A client of ioredis tries for 1.6 s by default.
  const deadlineMs = performance.now() + 2500;
  while (performance.now() < deadlineMs) {
    expect(await admin.get(key).catch((error: unknown) => (isClusterDown(error) ? null : error))).toBeNull();
    await wait(50);
  }
  expect(await admin.get(key)).toBeNull();
});

it('REDIS_CLUSTER: says so when the Cluster does not serve all slots, also from the start', async () => {
  await using redis = await startRedisCluster();
  const { slot, admin } = await ownerOf(redis, 'any');
  await admin.cluster('DELSLOTS', slot);
  await expect.poll(async () => String(await admin.cluster('INFO'))).toContain('cluster_state:fail');
  const failures: string[] = [];
  const opened = await cacheOf({ REDIS_CLUSTER: clusterAddress(redis) }, failures);
  expect(await opened.set('any', 'value', 60)).toBe(cacheFailed);
  expect(failures).toContain('CLUSTERDOWN');
});

it('REDIS_CLUSTER: says that the password is refused, in what is reported and in health', async () => {
  await using redis = await startRedisCluster();
  const failures: string[] = [];
  const opened = await cacheOf({ REDIS_CLUSTER: clusterAddress({ ...redis, password: 'wrong' }) }, failures);
  await opened.get('any');
  await expect.poll(() => failures).toContain('WRONGPASS');
  await expect
    .poll(() => redisCheck(opened).run())
    .toMatchObject({
      status: 'unhealthy',
      reason: 'access_denied',
      advice: expect.stringContaining('rejected the user name or password'),
    });
});

/** The node that has the slot of a key, and commands for it. */
async function ownerOf(redis: RedisCluster, key: string): Promise<{ readonly slot: number; readonly admin: Redis }> {
  const slot = Number(await redis.admin(0).cluster('KEYSLOT', key));
  for (let node = 0; node < redis.nodes.length; node++) {
    const admin = redis.admin(node);
    const answer = await admin.get(key).catch((error: unknown) => error);
    if (!(answer instanceof Error)) return { slot, admin };
  }
  throw new Error('no node has the slot');
}

function isClusterDown(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('CLUSTERDOWN');
}

function clusterAddress({ nodes, password }: Pick<RedisCluster, 'nodes' | 'password'>): string {
  return `redis://:${encodeURIComponent(password)}@${nodes.map(({ host, port }) => `${host}:${port}`).join(',')}`;
}
