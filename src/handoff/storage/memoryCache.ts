import { systemClock } from '../../time/clock.js';
import type { Clock } from '../../time/clock.js';
import type { Cache } from './cache.js';
import { loadPeer } from './loadPeer.js';

/** Limits of the in-process cache; the least recently used entries are evicted first. */
export interface MemoryCacheOptions {
  /** 1 or more. Default 10000. */
  readonly maxEntries?: number;
  /** Keys and values together, in UTF-8 bytes. Default 64 MiB. A value larger than an eighth of this is not kept. */
  readonly maxBytes?: number;
}

/** Creates a cache in this process's memory. Rejects with `MissingPeerError` when `lru-cache` is not installed. */
export async function createMemoryCache(options: MemoryCacheOptions = {}, deps: { readonly clock?: Clock } = {}): Promise<Cache> {
  const { clock = systemClock } = deps;
  const { LRUCache } = await loadPeer('lru-cache');
  const maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
  const maxEntries = options.maxEntries ?? 10_000;
  const entries = new LRUCache<string, string>({
    max: maxEntries,
    maxSize: maxBytes,
    // One handoff package must not evict everything else.
    maxEntrySize: Math.max(1, Math.floor(maxBytes / 8)),
    // The injected clock is read on every lookup, without lru-cache's own timers.
    perf: { now: () => clock.monotonicMs() },
    ttlResolution: 0,
    ttl: 1000,
  });
  return {
    kind: 'memory',
    get: async (key) => entries.get(key),
    set: async (key, value, ttlSeconds, valueBytes = Buffer.byteLength(value)) => {
      const size = valueBytes + Buffer.byteLength(key) + 1;
      if (ttlSeconds > 0 && Number.isFinite(ttlSeconds)) entries.set(key, value, { ttl: Math.ceil(ttlSeconds * 1000), size });
      else entries.delete(key);
    },
    delete: async (key) => {
      const value = entries.peek(key);
      entries.delete(key);
      return value === undefined ? 0 : Buffer.byteLength(value) + Buffer.byteLength(key);
    },
    size: () => ({ entries: entries.size, bytes: entries.calculatedSize, maxEntries, maxBytes }),
    close: async () => {
      entries.clear();
    },
  };
}
