/** What a cache was doing when it failed; `connection` means a broken or refused connection outside any call. */
export type CacheOperation = 'get' | 'set' | 'delete' | 'connection';

/** Called for every failure that a cache has absorbed, in bursts while the server is unreachable: the receiver must limit the rate. */
export type CacheErrorListener = (operation: CacheOperation, error: Error) => void;

/** What `set` and `delete` resolve with when the cache failed. */
export const cacheFailed = Symbol('cacheFailed');

/**
 * A bounded key-value cache. It is never authoritative: any entry may vanish at any time.
 *
 * No method rejects, and none takes longer than the command timeout: a cache failure is a slow miss, never a failed call.
 */
export interface Cache {
  readonly kind: 'redis' | 'memory';
  /** Resolves with the value, or `undefined` when it is absent, expired or not available in time. */
  get(key: string): Promise<string | undefined>;
  /**
   * Keeps the value for `ttlSeconds` (more than 0; anything else removes the key). Values that are too large are dropped.
   * Resolves with `cacheFailed` when it failed and absorbed the failure; with anything else on success.
   *
   * `valueBytes` is the size of the value in UTF-8, from a caller that knows it: counting it makes one piece of a text that was joined.
   */
  set(key: string, value: string, ttlSeconds: number, valueBytes?: number): Promise<unknown>;
  /**
   * Resolves with the size that became free, of key and value in bytes: 0 when there was no such entry. With `cacheFailed` when it failed
   * and absorbed the failure, and with anything else when the cache cannot tell.
   */
  delete(key: string): Promise<unknown>;
  /**
   * Asks the server of the cache, for checks of health. Rejects when it does not answer. A cache in this process, and a host's own, need
   * not have it.
   */
  probe?(): Promise<CacheProbe>;
  /** What it holds in the memory of this process, where it can tell. */
  size?(): CacheSize;
  close(): Promise<void>;
}

export interface CacheSize {
  readonly entries: number;
  /** Of the entries. */
  readonly bytes: number;
  /** What it may hold; absent where nothing limits it. */
  readonly maxEntries?: number;
  readonly maxBytes?: number;
}

export interface CacheProbe {
  /** Whether it answers as a replica, which accepts no writes; absent where it does not say. */
  readonly isReplica?: boolean;
  /** What the server holds, not only for us; absent where it does not say. */
  readonly keyCount?: number;
  readonly memoryBytes?: number;
}
