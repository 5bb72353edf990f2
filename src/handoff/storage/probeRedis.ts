import { randomUUID } from 'node:crypto';
import type { CacheProbe } from './cache.js';
import type { RedisClient } from './redisClient.js';
import { readRedisUse } from './redisUse.js';

/**
 * A key of no entry: that Redis answers is all a probe wants to know. It is another one each time, since nothing else is read from Redis:
 * whoever else writes there could put something under a name known beforehand that fills our memory, or that GET refuses. In a cluster the
 * braces have one node answer for all.
 */
export function probeKey(): string {
  return `handoff:{probe}:${randomUUID()}`;
}

/** Never read: whatever somebody else makes of it is replaced. */
const WRITTEN_PROBE_KEY = 'handoff:probe_write';
/** Long enough that a probe seldom finds it gone, and short enough to leave nothing behind. */
const PROBE_TTL_SECONDS = 60;

/** Asks a connected Redis what kind it is, whether it takes a write, and what it holds. Rejects with the first refusal that matters. */
export async function probeRedis(client: RedisClient): Promise<CacheProbe> {
  // Not PING, which a user of the cache need not be allowed.
  await client.get(probeKey());
  // A user who may not ask for the role may still use the cache.
  const role = await client.role?.().catch(() => undefined);
  const [kind] = Array.isArray(role) ? (role as readonly unknown[]) : [];
  if (kind === 'slave') return { isReplica: true };
  // Redis without memory or without its replicas answers every read and refuses every write.
  await client.set(WRITTEN_PROBE_KEY, '', 'EX', PROBE_TTL_SECONDS);
  return { ...(typeof kind === 'string' ? { isReplica: false } : {}), ...(await readRedisUse(client)) };
}
