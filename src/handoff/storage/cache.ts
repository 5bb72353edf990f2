/** What a cache was doing when it failed; `connection` is a broken or refused connection outside any call. */
export type CacheOperation = 'get' | 'set' | 'delete' | 'connection';

/** Called for every failure that a cache has absorbed. Called in bursts while the server is away: the receiver limits the rate. */
export type CacheErrorListener = (operation: CacheOperation, error: Error) => void;

/** What `set` and `delete` resolve with when the cache did not do it. */
export const cacheFailed = Symbol('cacheFailed');

/**
 * A bounded key-value cache. Never the truth: any entry may vanish at any time.
 *
 * No method rejects, and none takes longer than the command time-out: a failed cache is a slow miss, never a failed call.
 */
export interface Cache {
  readonly kind: 'redis' | 'memory';
  /** The value, or `undefined` when absent, expired or not to be had in time. */
  get(key: string): Promise<string | undefined>;
  /**
   * Keeps the value for `ttlSeconds` (more than 0; anything else removes the key). Values too large to keep are dropped.
   * Resolves with `cacheFailed` when it could not, and absorbed the failure; with anything else when it did.
   */
  set(key: string, value: string, ttlSeconds: number): Promise<unknown>;
  /** Resolves like `set`. */
  delete(key: string): Promise<unknown>;
  close(): Promise<void>;
}
