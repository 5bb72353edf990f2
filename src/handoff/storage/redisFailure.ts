import { errorCode, errorMessage } from '../../errors/classify.js';
import { isTlsFailure } from './connectionFailure.js';
import { NO_NODES } from './nodelessCluster.js';

/** Advice for each word that a Redis refusal starts with. An operator cannot act on words that are not listed. */
const adviceByWord: Readonly<Record<string, string>> = {
  NOAUTH:
    'Redis requires a password and was given none: put it into REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER, as in redis://:password@host:6379.',
  WRONGPASS: 'Redis rejected the user name or password in REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER.',
  NOPERM:
    'The Redis user lacks permission: allow it +get +set +del +info, and +select where REDIS_URL has the number of a database, and +cluster|slots in a Redis Cluster, on keys session:*, handoff:* and archived_session*.',
  OOM: 'Redis is full and does not evict anything: set maxmemory-policy allkeys-lru, or raise maxmemory.',
  READONLY: 'REDIS_URL points to a replica: point it at the master. After a failover this resolves itself.',
  MISCONF: 'Redis cannot save to its disk and therefore accepts no writes: free some space there, or turn saving off.',
  BUSY: 'A script has kept Redis busy for longer than busy-reply-threshold: SCRIPT KILL ends one that has written nothing.',
  LOADING: 'Redis is loading its data; this resolves itself.',
  MASTERDOWN: 'The replica has lost its master; this resolves itself or with a failover.',
  CLUSTERDOWN: 'The Redis Cluster does not serve all slots: check CLUSTER INFO.',
  NO_NODES:
    'The nodes of REDIS_CLUSTER name none that has slots. A node that has joined no other does not know its own address: set cluster-announce-ip there. Where CLUSTER INFO says that no slots are assigned, create the cluster with redis-cli --cluster create.',
  MOVED: 'REDIS_URL points to one node of a Redis Cluster, which serves only some keys: set REDIS_CLUSTER in its place.',
  NOREPLICAS: 'Redis accepts no writes because it has too few replicas: see min-replicas-to-write.',
  DB_INDEX: 'Redis has no database of the number in REDIS_URL: give a smaller one, or raise its setting databases.',
  WRONGTYPE: 'The same key holds another type of value: give this server its own Redis database.',
};

/** Returns why the cache failed, as one word of a bounded set, and what to do about it. */
export interface CacheFailure {
  readonly word: string;
  readonly advice: string;
}

/**
 * Returns what stands behind the failure of a Cluster to learn its slots: it says only that none of its nodes could be used, and keeps
 * the reason of the last one.
 */
export function redisCause(error: Error): Error {
  const last: unknown = Reflect.get(error, 'lastNodeError');
  return last instanceof Error && errorMessage(error).startsWith('Failed to refresh slots') ? last : error;
}

/** What a Cluster says when the nodes refused a command, or were away, as often as it may be sent: nobody serves its slot. */
const NOBODY_SERVES = 'Too many Cluster redirections.';

/** Returns what to do where no TLS connection can be made, for a code of Node or OpenSSL. */
export function redisTlsAdvice(code: string): string {
  if (code === 'CERT_HAS_EXPIRED')
    return 'The certificate of Redis, or of the authority that signed it, has expired: renew it, and have Redis use the new one.';
  return 'Name the certificate of its authority with REDIS_TLS_CA_FILE and, where it asks for a client certificate, that and its key with REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE; or correct the host name and the port, where Redis must speak TLS.';
}

/** Returns `undefined` when it is no refusal by Redis or of TLS, or an unknown one. */
export function redisRefusal(error: unknown): CacheFailure | undefined {
  const code = errorCode(error) ?? '';
  if (isTlsFailure(code)) return { word: code, advice: redisTlsAdvice(code) };
  const message = errorMessage(error);
  const word = wordOf(message);
  const advice = word === undefined ? undefined : adviceByWord[word];
  return word === undefined || advice === undefined ? undefined : { word, advice };
}

function wordOf(message: string): string | undefined {
  if (message.startsWith(NOBODY_SERVES)) return 'CLUSTERDOWN';
  if (message === NO_NODES) return 'NO_NODES';
  // Redis has no words for these.
  if (/^ERR (?:invalid )?DB index/.test(message)) return 'DB_INDEX';
  if (message.startsWith('ERR SELECT is not allowed in cluster mode')) return 'MOVED';
  return /^[A-Z]+(?= )/.exec(message)?.[0];
}
