import type { RecordPoint } from '../telemetry/instruments.js';
import { ATTR_HANDOFF_CACHE_OPERATION, ATTR_HANDOFF_CACHE_RESULT } from '../telemetry/semconv.js';
import type { Cache, CacheOperation } from './cache.js';

/**
 * A cache that counts its operations in `handoff.cache.operations`. Failures a cache absorbs itself are counted there;
 * what one of the host's own lets out against the contract of `Cache` is absorbed here, because it must fail no call.
 */
export function meteredCache(cache: Cache, count: RecordPoint): Cache {
  const counted = (operation: CacheOperation, result: string): void =>
    count(1, { [ATTR_HANDOFF_CACHE_OPERATION]: operation, [ATTR_HANDOFF_CACHE_RESULT]: result });
  const absorbing = async <T>(operation: CacheOperation, run: () => Promise<T>, resultOf: (value: T) => string): Promise<T | undefined> => {
    try {
      const value = await run();
      counted(operation, resultOf(value));
      return value;
    } catch {
      counted(operation, 'error');
      return undefined;
    }
  };
  const done = (): string => 'done';
  return {
    kind: cache.kind,
    get: (key) => absorbing('get', () => cache.get(key), (value) => (value === undefined ? 'miss' : 'hit')),
    set: (key, value, ttlSeconds) => absorbing('set', () => cache.set(key, value, ttlSeconds), done),
    delete: (key) => absorbing('delete', () => cache.delete(key), done),
    close: () => cache.close(),
  };
}
