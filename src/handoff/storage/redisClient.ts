import { backoffMs } from './backoff.js';
import type { Redis } from 'ioredis';
import { leaveAtPauses } from './leaveAtPauses.js';
import { loadPeer } from './loadPeer.js';
import { refusingNodeless } from './nodelessCluster.js';
import type { Clock } from '../../time/clock.js';
import type { TlsMaterial } from '../../values/tlsMaterial.js';

export type RedisEvent = 'ready' | 'error' | 'close' | 'end';

/** The part of an ioredis client that the cache uses; `Redis` and `Cluster` of any recent version fit. */
export interface RedisClient {
  readonly status: string;
  get(key: string): Promise<string | null>;
  set(key: string, value: string, mode: 'EX', seconds: number): Promise<unknown>;
  strlen(key: string): Promise<number>;
  del(key: string): Promise<number>;
  /** What kind of server answers. A client of a cluster asks any master; a host's own client may lack it. */
  role?(): Promise<unknown>;
  /** Whether it speaks to a cluster; absent where it does not say. */
  readonly isCluster?: boolean;
  /** How many keys the database has, and what the server says of itself; a host's own client may lack them. */
  dbsize?(): Promise<number>;
  info?(section: string): Promise<string>;
  quit(): Promise<unknown>;
  disconnect(): void;
  on(event: RedisEvent, listener: (error: Error) => void): unknown;
  off(event: RedisEvent, listener: (error: Error) => void): unknown;
}

interface RedisSignIn {
  readonly username?: string;
  readonly password?: string;
  /** Default false. */
  readonly isTls?: boolean;
}

interface RedisNode {
  readonly host: string;
  readonly port: number;
}

interface RedisTls {
  /** Returns what a new connection over TLS is secured with. Default: the system's authorities, and no client certificate. */
  readonly tls?: () => TlsMaterial;
}

/** Location of Redis. */
export type RedisAddress = RedisTls &
  (
    | { readonly url: string }
    | (RedisSignIn & {
        readonly sentinels: readonly RedisNode[];
        readonly masterName: string;
        /** Of the Sentinels themselves. */
        readonly sentinelPassword?: string;
      })
    | (RedisSignIn & { readonly clusterNodes: readonly RedisNode[] })
  );

interface RedisClientDeps {
  /** Uniform in [0, 1); only used for the jitter of reconnects. */
  readonly random: () => number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}

/**
 * Creates an ioredis client for caching: it keeps reconnecting, but slowly, and queues no commands for later.
 * Connects immediately, in the background. Rejects with `MissingPeerError` when `ioredis` is not installed.
 */
export async function connectRedis(
  address: RedisAddress,
  commandTimeoutMs: number,
  { random, clock }: RedisClientDeps,
): Promise<RedisClient> {
  const { Cluster, Redis } = await loadPeer('ioredis');
  const mayLeave = leaveAtPauses(() => clock.monotonicMs());
  // Versions of ioredis before 6 count a connection as one that succeeded although it could not choose its database. All versions do so
  // where a Cluster names no node.
  let refusals = 0;
  const options = {
    commandTimeout: commandTimeoutMs,
    connectTimeout: 2000,
    // A connection that does not answer is closed, along with everything in its queue.
    socketTimeout: Math.max(2000, 5 * commandTimeoutMs),
    // Nothing is queued while Redis is unavailable: old writes replayed later would overwrite newer ones of other replicas.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt: number) => backoffMs(attempt + refusals, random, 50, 2000),
    reconnectOnError: (error: Error) => isUnfit(error) && mayLeave(),
  };
  const secured = address.tls === undefined ? {} : renewedOptions(address.tls);
  if ('url' in address) {
    const secure = /^rediss:/i.test(address.url) ? { tls: secured } : {};
    return onlyInItsDatabase(new Redis(address.url, { ...options, ...secure }), () => (refusals += 1));
  }
  const signIn = {
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    ...(address.isTls === true ? { tls: secured } : {}),
  };
  if ('clusterNodes' in address) {
    const cluster = new Cluster(
      address.clusterNodes.map(({ host, port }) => ({ host, port })),
      {
        redisOptions: { ...options, ...signIn },
        enableOfflineQueue: false,
        // A Cluster that does not serve all slots would be left and joined again for ever, without a word; its own refusals say why.
        enableReadyCheck: false,
        clusterRetryStrategy: options.retryStrategy,
        ...soonRetries(commandTimeoutMs),
        // Nodes of a cluster behind TLS are known by the names in their certificates.
        ...(address.isTls === true ? { dnsLookup: (name, found) => found(null, name) } : {}),
      },
    );
    return refusingNodeless(cluster, { onRefusal: () => (refusals += 1), onServed: () => (refusals = 0) });
  }
  return new Redis({
    ...options,
    ...signIn,
    sentinels: address.sentinels.map(({ host, port }) => ({ host, port })),
    // Where an operator moves the master, the old one takes writes until Sentinel makes a replica of it, ten seconds later: they would be
    // lost. A connection to each Sentinel says at once that it has moved.
    failoverDetector: true,
    name: address.masterName,
    ...(address.sentinelPassword === undefined ? {} : { sentinelPassword: address.sentinelPassword }),
    // The servers that the Sentinels name, and the Sentinels themselves.
    ...(address.isTls === true ? { enableTLSForSentinelMode: true, sentinelTLS: secured } : {}),
    sentinelRetryStrategy: options.retryStrategy,
  });
}

/**
 * ioredis copies these properties in their order for each connection, and so asks for them anew. All three are of the same moment: for a
 * key that is not the certificate's, as while they are being replaced, it would give up for good.
 */
function renewedOptions(tls: () => TlsMaterial): TlsMaterial {
  let current = tls();
  const readAgain = (): TlsMaterial => (current = tls());
  return Object.defineProperties(
    {},
    {
      ca: { enumerable: true, get: () => readAgain().ca },
      cert: { enumerable: true, get: () => current.cert },
      key: { enumerable: true, get: () => current.key },
    },
  );
}

/**
 * Whether a connection could not choose its database: its user may not, or the server has none of that number. ioredis then stays in
 * database 0, where another environment may be.
 */
export function isSelectRefusal(error: Error & { readonly command?: { readonly name?: unknown } }): boolean {
  return error.command?.name === 'select';
}

/** After a failover the old master answers READONLY, a restarted one LOADING: both mean that this is the wrong connection. */
export function isUnfit(error: Error): boolean {
  return /^(READONLY|LOADING)/.test(error.message);
}

/** Gives up such a connection before it is used. The client tries again, since either can be mended. */
function onlyInItsDatabase(client: Redis, onRefusal: () => unknown): RedisClient {
  return client.on('error', (error: Error) => {
    if (!isSelectRefusal(error)) return;
    onRefusal();
    client.disconnect(true);
  });
}

/**
 * How often and how soon a Cluster sends a command again that a node refused or lost. It does not know when the caller gives up: by
 * default it goes on for 1.6 s, and a write that the caller was told has failed then replaces what was written, or erased, after it. So
 * all its delays together take half the time that a command may take.
 */
function soonRetries(commandTimeoutMs: number): Readonly<Record<string, number>> {
  const maxRedirections = 5;
  const delayMs = Math.ceil(commandTimeoutMs / (2 * maxRedirections));
  return { maxRedirections, retryDelayOnFailover: delayMs, retryDelayOnClusterDown: delayMs, retryDelayOnTryAgain: delayMs };
}
