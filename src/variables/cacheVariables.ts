import { text, token, wholeNumber } from './kinds.js';
import { redisCluster, redisSentinels, redisUrl } from './redisKinds.js';
import { Unset, variable } from './variable.js';

export const cacheVariables = {
  REDIS_URL: variable(
    redisUrl,
    new Unset('none: an in-process cache'),
    'Redis is only a cache: if it fails, no data is lost and no call fails.',
  ),
  REDIS_SENTINELS: variable(
    redisSentinels,
    new Unset('none: REDIS_URL is used'),
    'Asks these Sentinels for the master, and follows it after a failover. The default name is `mymaster`. User and password are those of the Redis servers, not of the Sentinels.',
  ),
  REDIS_SENTINEL_PASSWORD: variable(token(1, 4096), new Unset('none'), 'Password of the Sentinels themselves, if they require one.'),
  REDIS_CLUSTER: variable(
    redisCluster,
    new Unset('none: REDIS_URL is used'),
    'Uses a Redis Cluster. These nodes are asked for the others.',
  ),
  REDIS_TLS_CA_FILE: variable(
    text(1024),
    new Unset("the system's authorities"),
    'PEM file of the certificate authorities that signed the certificates of Redis. This file and the two below are read again for each new connection.',
  ),
  REDIS_TLS_CERT_FILE: variable(
    text(1024),
    new Unset('none'),
    'PEM file of the client certificate, which Redis requires unless `tls-auth-clients` is `no`.',
  ),
  REDIS_TLS_KEY_FILE: variable(text(1024), new Unset('none'), 'PEM file of the private key of that certificate.'),
  HANDOFF_REDIS_COMMAND_TIMEOUT_MS: variable(wholeNumber(10, 10_000, 'ms'), 300, 'A slower answer counts as a miss.'),
  HANDOFF_CACHE_MAX_ENTRIES: variable(
    wholeNumber(1, 1_000_000, 'entries'),
    10_000,
    'Maximum size of the in-process cache; the oldest entries are dropped first.',
  ),
  HANDOFF_CACHE_MAX_BYTES: variable(
    wholeNumber(1024, 4_294_967_296, 'bytes'),
    67_108_864,
    'Maximum size of all values in the in-process cache together.',
  ),
};
