import type { RedisClient } from './redisClient.js';

/** What a server of Redis holds, whoever put it there. */
export interface RedisUse {
  /** Keys of the database that the cache uses. */
  readonly keyCount?: number;
  /** What its data and buffers take. */
  readonly memoryBytes?: number;
}

/**
 * Asks a server of Redis what it holds. A user who may not ask for something can still use the cache, and is told nothing of it. In a
 * cluster each master would answer for itself only, so none is asked.
 */
export async function readRedisUse(client: RedisClient): Promise<RedisUse> {
  if (client.isCluster === true) return {};
  const [keyCount, text] = await Promise.all([client.dbsize?.().catch(() => undefined), client.info?.('memory').catch(() => undefined)]);
  const memory = typeof text === 'string' ? /^used_memory:(\d+)\s*$/mu.exec(text)?.[1] : undefined;
  return {
    ...(typeof keyCount === 'number' ? { keyCount } : {}),
    ...(memory === undefined ? {} : { memoryBytes: Number(memory) }),
  };
}
