import { errorCode, errorMessage } from '../../../../errors/classify.js';
import { ConfigError } from '../../../../errors/configError.js';
import { isOverTls } from '../../../config/redisSettings.js';
import { redisAddress } from '../../redisAddress.js';
import { isTlsFailure } from '../../../storage/connectionFailure.js';
import { redisRefusal, redisTlsAdvice } from '../../../storage/redisFailure.js';
import type { Check } from '../examination/check.js';
import { failure, fine, warning } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';
import { askRedis } from '../probes/askRedis.js';
import type { RedisInfo } from '../probes/askRedis.js';
import { addressText, tryConnect } from '../probes/tryConnect.js';

const ANSWER_MS = 4000;
const CONNECT_MS = 2000;
const OLDEST_MAJOR = 6;
const NO_CONNECTION = 'no connection';
/** What is seen of a Redis that ends a connection, which over TLS may come before its reason: that it wants a client certificate. */
const ENDED: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', NO_CONNECTION]);
const VARIABLES = [
  'REDIS_URL',
  'REDIS_SENTINELS',
  'REDIS_SENTINEL_PASSWORD',
  'REDIS_CLUSTER',
  'REDIS_TLS_CA_FILE',
  'REDIS_TLS_CERT_FILE',
  'REDIS_TLS_KEY_FILE',
];

/** Redis is only a cache, so that nothing it lacks is more than a warning. */
export const cacheCheck: Check = {
  name: 'cache.redis',
  group: 'cache',
  looksWhether:
    'Redis, the master that Sentinels name, or the cluster answers, accepts the credentials, accepts writes, is of a supported version and has memory left or evicts keys',
  limitMs: 15_000,
  needs: VARIABLES,
  run: async ({ settings }) => {
    try {
      const address = redisAddress(settings);
      if (address === undefined) return [fine('No Redis is configured; each process has a cache of its own.')];
      return judge(await askRedis(address, ANSWER_MS));
    } catch (error) {
      return [unreachable(error, isOverTls(settings))];
    }
  },
};

function judge(info: RedisInfo): readonly Finding[] {
  const version = info.get('redis_version') ?? 'of unknown version';
  const findings: Finding[] = [];
  if (Number.parseInt(version, 10) < OLDEST_MAJOR)
    findings.push(warning(`Redis ${version} is older than ${OLDEST_MAJOR}, and not tested.`, 'Upgrade it.'));
  if (info.get('role') === 'slave')
    findings.push(
      warning(
        'REDIS_URL leads to a replica, which accepts no writes.',
        'Let it lead to the master, or name the Sentinels with REDIS_SENTINELS, so that the server follows it.',
      ),
    );
  findings.push(...memoryFindings(info));
  return findings.length > 0 ? findings : [fine(`Redis ${version} answers and accepts the credentials.`)];
}

function memoryFindings(info: RedisInfo): readonly Finding[] {
  const limit = Number(info.get('maxmemory') ?? 0);
  const policy = info.get('maxmemory_policy') ?? '';
  if (limit === 0)
    return [
      warning(
        'Redis has no maxmemory, so that a cache can fill the memory of its machine.',
        'Set maxmemory, and maxmemory-policy allkeys-lru.',
      ),
    ];
  // All keys of this server expire, so that volatile policies evict them too.
  if (policy === 'noeviction')
    return [
      warning(
        'Redis evicts nothing (maxmemory-policy noeviction): when it is full, nothing more can be cached.',
        'Set maxmemory-policy allkeys-lru; all that this server keeps there is in the database too.',
      ),
    ];
  return [];
}

function unreachable(error: unknown, isTls: boolean): Finding {
  if (error instanceof ConfigError) {
    const said = error.data.problems.map(({ key, given, allowed }) => `${key} is ${given}, but must be ${allowed}.`).join(' ');
    return failure(said, 'Correct the file, its path or its rights. Until then the server does not start.');
  }
  const why = errorCode(error) ?? (errorMessage(error) === 'Command timed out' ? 'no answer' : NO_CONNECTION);
  const goesOn = 'Until then calls go on with the database and the cache of each process.';
  if (isTlsFailure(why) || (isTls && ENDED.has(why)))
    return warning(`No TLS connection to Redis can be made (${why}).`, `${redisTlsAdvice(why)} ${goesOn}`);
  const refusal = redisRefusal(error);
  if (refusal !== undefined) return warning(`Redis refuses this server (${refusal.word}).`, `${refusal.advice} ${goesOn}`);
  if (errorMessage(error).startsWith('All sentinels are unreachable'))
    return warning(
      'No Sentinel names a master.',
      `Look whether the Sentinels run and know the master by the name in REDIS_SENTINELS. ${goesOn}`,
    );
  return warning(
    `Redis cannot be used (${why}).`,
    `Look whether Redis runs, whether its address is right and whether it speaks TLS. ${goesOn}`,
  );
}

export const cacheNodesCheck: Check = {
  name: 'cache.nodes',
  group: 'cache',
  looksWhether:
    'each Sentinel or cluster node that the settings name takes connections, so that clients do not depend on the other ones to connect',
  limitMs: 5000,
  needs: VARIABLES,
  run: async ({ settings: { REDIS_SENTINELS: sentinels, REDIS_CLUSTER: cluster } }) => {
    const nodes = sentinels?.nodes ?? cluster?.nodes ?? [];
    const results = await Promise.all(
      nodes.map(async ({ host, port }) => ({ where: addressText(host, port), failed: await tryConnect({ host, port }, CONNECT_MS) })),
    );
    const away = results.filter(({ failed }) => failed !== undefined);
    if (nodes.length > 0 && away.length === 0) return [fine(`All ${nodes.length} that are named take connections.`)];
    return away.map(({ where, failed }) =>
      warning(`${where} takes no connections (${failed ?? ''}).`, 'Start it, or correct the address; a failover needs most of them.'),
    );
  },
};
