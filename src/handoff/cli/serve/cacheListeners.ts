import type { CacheErrorListener } from '../../storage/cache.js';
import { redisRefusal } from '../../storage/redisFailure.js';
import { redisErrorType } from '../../../telemetry/guard/redisErrorType.js';
import type { CacheReaction } from '../openStorage.js';
import type { Protection } from './protection.js';

/** Redis that cannot be reached is reported by `onError`, and its feature is off until it can. */
export function cacheListeners(
  onError: CacheErrorListener,
  { policies, degradations }: Pick<Protection, 'policies' | 'degradations'>,
): [CacheErrorListener, CacheReaction] {
  return [
    (operation, error) => {
      onError(operation, error);
      if (operation === 'connection') degradations.degrade('cache', 'connection', redisRefusal(error)?.word ?? redisErrorType(error));
    },
    { guard: policies.cache, onReady: () => degradations.restore('cache', 'connection') },
  ];
}
