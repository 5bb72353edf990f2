import type { RecordPoint } from '../../telemetry/instruments.js';
import { ATTR_HANDOFF_CACHE_OPERATION, ATTR_HANDOFF_CACHE_RESULT } from '../../telemetry/semconv.js';
import { cacheFailed, type Cache, type CacheOperation } from './cache.js';

export type CacheResult = 'hit' | 'miss' | 'done' | 'error';

/** Is told of every operation, and how long it took. Must not throw. */
export interface CacheTimer {
  readonly nowMs: () => number;
  readonly onOperation: (operation: CacheOperation, result: CacheResult, durationMs: number) => void;
}

/**
 * Wraps a cache to count its operations in `handoff.cache.operations`. A write that the cache reports as failed is counted as an
 * error; a failed read is counted by the cache's error handler, in addition to the resulting hit or miss. Errors that a host's
 * own cache throws, against the contract of `Cache`, are absorbed here, because they must not fail a call.
 */
export function meteredCache(cache: Cache, count: RecordPoint, timer?: CacheTimer): Cache {
  const counted = (operation: CacheOperation, result: CacheResult, startMs: number): void => {
    count(1, { [ATTR_HANDOFF_CACHE_OPERATION]: operation, [ATTR_HANDOFF_CACHE_RESULT]: result });
    timer?.onOperation(operation, result, timer.nowMs() - startMs);
  };
  const absorbing = async <T>(
    operation: CacheOperation,
    run: () => Promise<T>,
    resultOf: (value: T) => CacheResult,
  ): Promise<T | undefined> => {
    const startMs = timer?.nowMs() ?? 0;
    try {
      const value = await run();
      counted(operation, resultOf(value), startMs);
      return value;
    } catch {
      counted(operation, 'error', startMs);
      return undefined;
    }
  };
  const done = (value: unknown): CacheResult => (value === cacheFailed ? 'error' : 'done');
  return {
    kind: cache.kind,
    get: (key) =>
      absorbing(
        'get',
        () => cache.get(key),
        (value) => (value === undefined ? 'miss' : 'hit'),
      ),
    set: (key, value, ttlSeconds, valueBytes) => absorbing('set', () => cache.set(key, value, ttlSeconds, valueBytes), done),
    delete: (key) => absorbing('delete', () => cache.delete(key), done),
    close: () => cache.close(),
  };
}
