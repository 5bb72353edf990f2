import { toError } from '../../errors/classify.js';
import type { Clock } from '../../time/clock.js';
import { cacheFailed, type Cache, type CacheErrorListener, type CacheOperation, type CacheProbe } from './cache.js';
import type { Guard, MakeGuard } from './guard.js';
import { hostDefaults } from './hostDefaults.js';
import { createMemoryCache } from './memoryCache.js';
import { OutdatedKeys } from './outdatedKeys.js';
import { probeKey, probeRedis } from './probeRedis.js';
import { connectRedis, isUnfit, type RedisAddress, type RedisClient } from './redisClient.js';
import { RedisContact } from './redisContact.js';
import { isRedisReply } from '../../telemetry/guard/redisErrorType.js';
import { TimedOut, within } from '../../time/within.js';

/** How to use Redis as a cache. */
export interface RedisCacheOptions {
  /**
   * A URL, or the host's own client (`Redis` or `Cluster`), which is then never closed here. A `Cluster` sends a command again for 1.6 s by
   * default: with small `retryDelayOnFailover` and `retryDelayOnClusterDown`, no write is made after its caller was told that it failed.
   */
  readonly connection: RedisAddress | { readonly client: RedisClient };
  /** Time limit of every call. In milliseconds, 10 or more, default 300. */
  readonly commandTimeoutMs?: number;
}

export interface RedisCacheDeps {
  /** Used while Redis is unavailable. Closed together with this cache. */
  readonly fallback: Cache;
  readonly clock: Clock;
  /** Uniform in [0, 1); only used for the jitter of reconnects. */
  readonly random: () => number;
  readonly onError: CacheErrorListener;
  /** Called whenever Redis can be used after it could not. That it cannot, `onError` says with `connection`. */
  readonly onReady?: (() => void) | undefined;
  /** Runs each command, unless Redis is known to be away. Default: commands just run. */
  readonly guard?: MakeGuard | undefined;
}

/**
 * After a timeout Redis is not called for this long, so that a hanging server costs one slow call per second and not every one. After a
 * refusal outdated keys are not deleted for this long.
 */
const restMs = 1000;

/** Creates a cache in Redis. Rejects only with `MissingPeerError`: an unavailable server is not an error, it may come back. */
export async function createRedisCache(options: RedisCacheOptions, given: Partial<RedisCacheDeps> = {}): Promise<Cache> {
  const deps = await completed(given);
  const commandTimeoutMs = options.commandTimeoutMs ?? 300;
  const { connection } = options;
  if ('client' in connection) return new RedisCache(connection.client, false, commandTimeoutMs, deps);
  return new RedisCache(await connectRedis(connection, commandTimeoutMs, deps), true, commandTimeoutMs, deps);
}

/** A host that says nothing else has a fallback of the default size, and is not told of failures, which are misses. */
async function completed(given: Partial<RedisCacheDeps>): Promise<RedisCacheDeps> {
  const deps = hostDefaults(given);
  return { ...deps, fallback: given.fallback ?? (await createMemoryCache({}, deps)), onError: given.onError ?? (() => undefined) };
}

/**
 * Uses Redis first, and the fallback when Redis cannot answer in time.
 *
 * Keys written or deleted while Redis was unavailable are outdated there. Until they have been deleted in Redis, which happens
 * after the first command that succeeds again, they are read from the fallback; otherwise an old value would reappear.
 */
class RedisCache implements Cache {
  readonly kind = 'redis';
  private readonly outdated = new OutdatedKeys();
  private readonly contact: RedisContact;
  private restUntilMs = -Infinity;
  private drainFromMs = -Infinity;
  private closed = false;

  private readonly client: RedisClient;
  private readonly ownsClient: boolean;
  private readonly commandTimeoutMs: number;
  private readonly deps: RedisCacheDeps;
  private readonly guard: Guard | undefined;

  constructor(client: RedisClient, ownsClient: boolean, commandTimeoutMs: number, deps: RedisCacheDeps) {
    this.client = client;
    this.ownsClient = ownsClient;
    this.commandTimeoutMs = commandTimeoutMs;
    this.deps = deps;
    this.guard = deps.guard?.(() => client.get(probeKey()));
    this.contact = new RedisContact(client, {
      commandTimeoutMs,
      clock: deps.clock,
      onReady: () => this.onReady(),
      onLost: (error) => deps.onError('connection', error),
    });
  }

  async get(key: string): Promise<string | undefined> {
    if (this.outdated.has(key)) return this.deps.fallback.get(key);
    const answer = await this.attempt('get', () => this.client.get(key));
    return answer === unavailable ? this.deps.fallback.get(key) : (answer ?? undefined);
  }

  async set(key: string, value: string, ttlSeconds: number, valueBytes?: number): Promise<unknown> {
    if (!(ttlSeconds > 0 && Number.isFinite(ttlSeconds))) return this.delete(key);
    const answer = await this.attempt('set', () => this.client.set(key, value, 'EX', Math.ceil(ttlSeconds)));
    if (answer === unavailable) {
      this.outdated.add(key);
      await this.deps.fallback.set(key, value, ttlSeconds, valueBytes);
      return cacheFailed;
    }
    return this.outdated.remove(key) ? this.deps.fallback.delete(key) : undefined;
  }

  async delete(key: string): Promise<unknown> {
    // On one connection, so in this order. A user who may not ask for the length still deletes.
    const answer = await this.attempt('delete', () => Promise.all([this.client.strlen(key).catch(() => 0), this.client.del(key)]));
    if (answer === unavailable) this.outdated.add(key);
    else this.outdated.remove(key);
    await this.deps.fallback.delete(key);
    if (answer === unavailable) return cacheFailed;
    const [valueBytes, removed] = answer;
    return removed === 0 ? 0 : valueBytes + Buffer.byteLength(key);
  }

  /** Bypasses the rest after a timeout: it is asked seldom, and what it finds is what others wait to hear. */
  async probe(): Promise<CacheProbe> {
    return within(this.commandTimeoutMs, async () => {
      await this.contact.settled;
      if (!this.contact.isReady) throw this.contact.refusal ?? new Error('Redis is not connected');
      return probeRedis(this.client);
    });
  }

  /** Of the cache in this process, which serves while Redis does not. */
  size(): { readonly entries: number; readonly bytes: number } {
    return this.deps.fallback.size?.() ?? { entries: 0, bytes: 0 };
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.contact.close();
    if (this.ownsClient) {
      if (this.client.status === 'ready') await within(this.commandTimeoutMs, () => this.client.quit()).catch(() => undefined);
      this.client.disconnect();
    } else this.contact.leave();
    await this.deps.fallback.close();
  }

  private async attempt<T>(operation: CacheOperation, command: () => Promise<T>): Promise<T | typeof unavailable> {
    try {
      const answer = await within(this.commandTimeoutMs, async () => {
        await this.contact.settled;
        if (!this.isUsable()) return unavailable;
        return this.guard === undefined ? command() : this.guard.run(command);
      });
      if (answer === unavailable) return answer;
      // A replica answers reads: only what it takes a write from is fit again.
      if (operation !== 'get') this.contact.unfit = undefined;
      if (this.outdated.size > 0) void this.dropOutdated();
      return answer;
    } catch (error) {
      if (isTimeout(error)) this.restUntilMs = this.deps.clock.monotonicMs() + restMs;
      this.failed(operation, toError(error));
      return unavailable;
    }
  }

  private failed(operation: CacheOperation, error: Error): void {
    if (isUnfit(error)) this.contact.unfit = error;
    this.deps.onError(operation, error);
  }

  private isUsable(): boolean {
    return !this.closed && this.contact.isReady && this.deps.clock.monotonicMs() >= this.restUntilMs;
  }

  private async dropOutdated(): Promise<void> {
    if (this.deps.clock.monotonicMs() < this.drainFromMs) return;
    await this.outdated.drain(async (key) => {
      if (!this.isUsable()) return false;
      try {
        await within(this.commandTimeoutMs, () => this.client.del(key));
        await this.deps.fallback.delete(key);
        return true;
      } catch (error) {
        // What Redis refuses now, as a replica does, it refuses after each of the reads that succeed.
        if (isRedisReply(error)) this.drainFromMs = this.deps.clock.monotonicMs() + restMs;
        this.failed('delete', toError(error));
        return false;
      }
    });
  }

  private onReady(): void {
    this.restUntilMs = -Infinity;
    this.deps.onReady?.();
    void this.dropOutdated();
  }
}

const unavailable = Symbol('unavailable');

function isTimeout(error: unknown): boolean {
  return error instanceof TimedOut || (error instanceof Error && error.message === 'Command timed out');
}
