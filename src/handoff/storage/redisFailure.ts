import { errorMessage } from '../../errors/classify.js';

/** Advice for each word that a Redis refusal starts with. An operator cannot act on words that are not listed. */
const adviceByWord: Readonly<Record<string, string>> = {
  NOAUTH: 'Redis requires a password and REDIS_URL has none: use redis://:password@host:6379.',
  WRONGPASS: 'Redis rejected the user name or password in REDIS_URL.',
  NOPERM:
    'The Redis user lacks permission: allow it +get +set +del +info, and +select where REDIS_URL has the number of a database, on keys session:*, handoff:* and archived_session*.',
  OOM: 'Redis is full and does not evict anything: set maxmemory-policy allkeys-lru, or raise maxmemory.',
  READONLY: 'REDIS_URL points to a replica: point it at the master. After a failover this resolves itself.',
  MISCONF: 'Redis cannot save to its disk and therefore accepts no writes: free some space there, or turn saving off.',
  LOADING: 'Redis is loading its data; this resolves itself.',
  MASTERDOWN: 'The replica has lost its master; this resolves itself or with a failover.',
  CLUSTERDOWN: 'The Redis Cluster does not serve all slots: check CLUSTER INFO.',
  MOVED: 'REDIS_URL points to one node of a Redis Cluster, which serves only some keys: set REDIS_CLUSTER in its place.',
  NOREPLICAS: 'Redis accepts no writes because it has too few replicas: see min-replicas-to-write.',
  WRONGTYPE: 'The same key holds another type of value: give this server its own Redis database.',
};

/** Returns why the cache failed, as one word of a bounded set, and what to do about it. */
export interface CacheFailure {
  readonly word: string;
  readonly advice: string;
}

/** Returns `undefined` when it is not a refusal by Redis, or an unknown one. */
export function redisRefusal(error: unknown): CacheFailure | undefined {
  const [word] = /^[A-Z]+(?= )/.exec(errorMessage(error)) ?? [];
  const advice = word === undefined ? undefined : adviceByWord[word];
  return word === undefined || advice === undefined ? undefined : { word, advice };
}
