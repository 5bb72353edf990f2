import { backoffMs } from './backoff.js';
import { loadPeer } from './loadPeer.js';

export type RedisEvent = 'ready' | 'error' | 'close';

/** The part of an ioredis client that the cache uses; `Redis` and `Cluster` of any recent version fit. */
export interface RedisClient {
  readonly status: string;
  get(key: string): Promise<string | null>;
  set(key: string, value: string, mode: 'EX', seconds: number): Promise<unknown>;
  strlen(key: string): Promise<number>;
  del(key: string): Promise<number>;
  ping(): Promise<unknown>;
  /** A cluster has none of its own. */
  role?(): Promise<unknown>;
  quit(): Promise<unknown>;
  disconnect(): void;
  on(event: RedisEvent, listener: (error: Error) => void): unknown;
  off(event: RedisEvent, listener: (error: Error) => void): unknown;
}

/** Location of Redis. */
export type RedisAddress =
  | { readonly url: string }
  | {
      readonly sentinels: readonly { readonly host: string; readonly port: number }[];
      readonly masterName: string;
      readonly password?: string;
    };

/**
 * Creates an ioredis client for caching: it keeps reconnecting, but slowly, and queues no commands for later.
 * Connects immediately, in the background. Rejects with `MissingPeerError` when `ioredis` is not installed.
 */
export async function connectRedis(address: RedisAddress, commandTimeoutMs: number, random: () => number): Promise<RedisClient> {
  const { Redis } = await loadPeer('ioredis');
  const options = {
    commandTimeout: commandTimeoutMs,
    connectTimeout: 2000,
    // A connection that does not answer is closed, along with everything in its queue.
    socketTimeout: Math.max(2000, 5 * commandTimeoutMs),
    // Nothing is queued while Redis is unavailable: old writes replayed later would overwrite newer ones of other replicas.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt: number) => backoffMs(attempt, random, 50, 2000),
    // After a failover the old master answers READONLY, a restarted one LOADING: both mean that this is the wrong connection.
    reconnectOnError: (error: Error) => /^(READONLY|LOADING)/.test(error.message),
  };
  if ('url' in address) return new Redis(address.url, options);
  return new Redis({
    ...options,
    sentinels: address.sentinels.map(({ host, port }) => ({ host, port })),
    name: address.masterName,
    ...(address.password === undefined ? {} : { password: address.password }),
  });
}
