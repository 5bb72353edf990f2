import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { redisCheck } from '../../../../src/handoff/monitoring/health/checks/redis.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createRedisCache } from '../../../../src/handoff/storage/redisCache.js';
import { redisRefusal } from '../../../../src/handoff/storage/redisFailure.js';
import { systemClock } from '../../../../src/time/clock.js';
import { portWithBus } from '../../../setup/redisCluster.js';
import { startThrowawayRedis } from '../../../setup/throwawayRedis.js';

it('REDIS_CLUSTER: a node that does not know its own address is asked after pauses, said to be unusable, and used once it knows', async () => {
  const server = await startThrowawayRedis({ settings: { 'cluster-enabled': 'yes' }, port: portWithBus });
  const admin = new Redis(server.url.replace(/\/0$/, ''));
  const words: (string | undefined)[] = [];
  let readies = 0;
  const { password } = new URL(server.url);
  try {
    await admin.cluster('ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot));
    const cache = await createRedisCache(
      { connection: { clusterNodes: [{ host: '127.0.0.1', port: server.port }], password }, commandTimeoutMs: 2000 },
      {
        fallback: await createMemoryCache({}, { clock: systemClock }),
        clock: systemClock,
        random: Math.random,
        onReady: () => void (readies += 1),
        onError: (operation, error) => void words.push(operation === 'connection' ? redisRefusal(error)?.word : operation),
      },
    );
    try {
      await cache.set('k', 'v', 60);
      expect(await cache.get('k')).toBe('v');
      await wait(4000);
      expect(readies).toBe(0);
      expect([...new Set(words.filter((word) => word !== 'get' && word !== 'set'))]).toEqual(['NO_NODES']);
      expect(words.length).toBeLessThan(16);
      const found = await redisCheck(cache).run();
      expect(found).toMatchObject({ status: 'unhealthy', reason: 'unreachable', advice: expect.stringContaining('cluster-announce-ip') });

      await admin.cluster('MEET', '127.0.0.1', server.port);
      await expect.poll(() => readies, { timeout: 20_000 }).toBe(1);
      await cache.set('k', 'in Redis', 60);
      expect(await admin.get('k')).toBe('in Redis');
    } finally {
      await cache.close();
    }
  } finally {
    admin.disconnect();
    await server.stop();
  }
}, 60_000);
