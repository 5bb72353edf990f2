import type { ObjectStore } from '../archive/objects/objectStore.js';
import type { Degradations, Feature } from '../resilience/degradations.js';
import type { RecoveryDependencies } from '../resilience/errors/recovery.js';
import type { Cache } from '../storage/cache.js';
import type { Database } from '../storage/database.js';
import { isWritable } from '../storage/isWritable.js';

/** Storage as it was given: policies would answer for it. */
export interface ProbedStorage {
  readonly database: Database;
  readonly cache: Cache;
  readonly archive?: ObjectStore | undefined;
}

/** Of nothing: whether there is an answer is all a probe wants to know. */
const PROBE_KEY = 'probe/none';

/** What tells whether each dependency is back. */
export function recoveryProbes({ database, cache, archive }: ProbedStorage, degradations: Degradations): RecoveryDependencies['probes'] {
  const stillOff = (feature: Feature): boolean => degradations.list().some((degradation) => degradation.feature === feature);
  return {
    database: async () => {
      if (!(await isWritable(database))) throw new Error('the database does not accept writes');
    },
    cache: async () => {
      if (cache.probe !== undefined) return cache.probe();
      // Calls to a cache never fail, so the registry is asked what this one noted.
      await cache.get(PROBE_KEY);
      if (stillOff('cache')) throw new Error('Redis cannot be reached');
      return undefined;
    },
    ...(archive === undefined ? {} : { archive: () => archive.head(PROBE_KEY) }),
  };
}
