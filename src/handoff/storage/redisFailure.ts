import { errorMessage } from '../../errors/classify.js';

/** What to do about each word that Redis begins a refusal with. A word that is not here says nothing an operator could act on. */
const adviceByWord: Readonly<Record<string, string>> = {
  NOAUTH: 'Redis asks for a password and REDIS_URL has none: write redis://:password@host:6379.',
  WRONGPASS: 'Redis rejected the user name or password in REDIS_URL.',
  NOPERM: 'The Redis user may not do this: allow it +get +set +del +info on keys session:* and handoff:*.',
  OOM: 'Redis is full and evicts nothing: set maxmemory-policy allkeys-lru, or raise maxmemory.',
  READONLY: 'REDIS_URL leads to a replica: point it at the master. After a failover this passes by itself.',
  MISCONF: 'Redis cannot save to its disk and therefore takes no writes: free some space there, or turn saving off.',
  LOADING: 'Redis is loading its data; this passes by itself.',
  MASTERDOWN: 'The replica has lost its master; this passes by itself or with a failover.',
  CLUSTERDOWN: 'The Redis Cluster does not serve all slots: look at CLUSTER INFO.',
  MOVED: 'REDIS_URL leads to one node of a Redis Cluster, which serves only some keys: use a server without Cluster.',
  NOREPLICAS: 'Redis takes no writes because it has too few replicas: see min-replicas-to-write.',
  WRONGTYPE: 'Somebody else keeps another kind of value under the same key: give this server a Redis database of its own.',
};

/** Why the cache failed, in one word of a bounded set, and what to do about it. */
export interface CacheFailure {
  readonly word: string;
  readonly advice: string;
}

/** `undefined` when it is no refusal of Redis, or one that is not known. */
export function redisRefusal(error: unknown): CacheFailure | undefined {
  const [word] = /^[A-Z]+(?= )/.exec(errorMessage(error)) ?? [];
  const advice = word === undefined ? undefined : adviceByWord[word];
  return word === undefined || advice === undefined ? undefined : { word, advice };
}
