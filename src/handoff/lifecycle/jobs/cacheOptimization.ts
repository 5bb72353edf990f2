import type { JobDefinition } from '../../jobs/jobDefinition.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { sweepCache } from '../sweeps/cache.js';

/** Drops the cache entries of sessions that rest or have ended. */
export function cacheOptimization(deps: LifecycleDependencies): JobDefinition {
  return {
    name: 'cache-optimization',
    description: 'Drops the cache entries of sessions that are dormant or have ended.',
    defaults: { intervalMs: 7_200_000, maxRetries: 2, retryDelayMs: 900_000 },
    run: async ({ signal }) => {
      const { entries, bytes } = await sweepCache(deps, { signal });
      return { optimizedCacheEntries: entries, freedMemory: bytes };
    },
  };
}
