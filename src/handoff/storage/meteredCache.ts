import type { RecordPoint } from '../../telemetry/instruments.js';
import { ATTR_HANDOFF_CACHE_OPERATION, ATTR_HANDOFF_CACHE_RESULT } from '../../telemetry/semconv.js';
import { cacheFailed, type Cache, type CacheOperation } from './cache.js';

/**
 * Wraps a cache to count its operations in `handoff.cache.operations`. A write that the cache reports as failed is counted as an
 * error; a failed read is counted by the cache's error handler, in addition to the resulting hit or miss. Errors that a host's
 * own cache throws, against the contract of `Cache`, are absorbed here, because they must not fail a call.
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
  const done = (value: unknown): string => (value === cacheFailed ? 'error' : 'done');
  return {
    kind: cache.kind,
    get: (key) =>
      absorbing(
        'get',
        () => cache.get(key),
        (value) => (value === undefined ? 'miss' : 'hit'),
      ),
    set: (key, value, ttlSeconds) => absorbing('set', () => cache.set(key, value, ttlSeconds), done),
    delete: (key) => absorbing('delete', () => cache.delete(key), done),
    close: () => cache.close(),
  };
}
