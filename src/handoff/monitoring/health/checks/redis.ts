import { errorMessage } from '../../../../errors/classify.js';
import { TimedOut } from '../../../../time/within.js';
import type { Cache } from '../../../storage/cache.js';
import { redisRefusal } from '../../../storage/redisFailure.js';
import { degraded, healthy, unhealthy } from '../finding.js';
import type { HealthCheck } from '../finding.js';

const UNREACHABLE =
  'Check that Redis runs, that REDIS_URL leads to it from here and, over TLS, that each side accepts the certificate of the other. Until it answers, calls go on with the database and the cache of this process.';
const READ_ONLY =
  'REDIS_URL leads to a replica of Redis, which accepts no writes: let it lead to the primary. Until then calls go on with the cache of this process.';
const FULL =
  'Redis has no memory left and refuses writes: set maxmemory-policy to allkeys-lru, or raise maxmemory. Until then calls go on with the cache of this process.';
const REFUSES_WRITES =
  'Redis answers and refuses writes: its log says why (it cannot save to its disk, or has lost its replicas). Until then calls go on with the cache of this process.';
const SLOW = 'Redis answers late or not at all: look at its load, at slow commands and at the network between it and this process.';
const DENIALS: ReadonlySet<string> = new Set(['NOAUTH', 'WRONGPASS', 'NOPERM']);
const GOES_ON = 'Until then calls go on with the cache of this process.';

/** Asks Redis, which is only a cache: the server is of use without it. */
export function redisCheck(cache: Cache): HealthCheck {
  return {
    name: 'redis',
    isCritical: false,
    adviceWhenSlow: SLOW,
    run: async () => {
      if (cache.kind === 'memory') return healthy({}, 'in_process');
      // A host's own cache need not be able to say.
      if (cache.probe === undefined) return healthy({}, 'not_measured');
      try {
        const { isReplica, keyCount, memoryBytes } = await cache.probe();
        if (isReplica === true) return degraded('read_only', READ_ONLY);
        return healthy({ isPrimary: isReplica === undefined ? undefined : true, keyCount, memoryBytes });
      } catch (error) {
        if (error instanceof TimedOut || errorMessage(error) === 'Command timed out') return unhealthy('timed_out', SLOW);
        if (/^OOM\b/u.test(errorMessage(error))) return degraded('full', FULL);
        if (/^(?:MISCONF|NOREPLICAS|READONLY)\b/u.test(errorMessage(error))) return degraded('read_only', REFUSES_WRITES);
        const refusal = redisRefusal(error);
        if (refusal === undefined) return unhealthy('unreachable', UNREACHABLE);
        return unhealthy(DENIALS.has(refusal.word) ? 'access_denied' : 'unreachable', `${refusal.advice} ${GOES_ON}`);
      }
    },
  };
}
