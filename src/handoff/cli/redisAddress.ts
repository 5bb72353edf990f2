import { readFileSync } from 'node:fs';
import { errorCode } from '../../errors/classify.js';
import { ConfigError } from '../../errors/configError.js';
import type { ConfigProblem } from '../../errors/configError.js';
import { quietly } from '../../errors/quietly.js';
import { renewedTlsMaterial } from '../../values/tlsMaterial.js';
import type { TlsMaterial } from '../../values/tlsMaterial.js';
import type { HandoffConfig } from '../config/resolve.js';
import type { RedisAddress } from '../storage/redisClient.js';

type Settings = HandoffConfig['settings'];

/**
 * Returns where Redis is. The settings that a warning calls overruled are those that come later here.
 *
 * @throws ConfigError if a file for TLS cannot be read, or a key is not that of its certificate
 */
export function redisAddress(settings: Settings): RedisAddress | undefined {
  const { REDIS_SENTINELS, REDIS_SENTINEL_PASSWORD, REDIS_CLUSTER, REDIS_URL } = settings;
  const tls = tlsFiles(settings);
  const secured = tls === undefined ? {} : { tls };
  if (REDIS_SENTINELS !== undefined) {
    const { nodes: sentinels, ...others } = REDIS_SENTINELS;
    const password = REDIS_SENTINEL_PASSWORD === undefined ? {} : { sentinelPassword: REDIS_SENTINEL_PASSWORD };
    return { ...secured, ...others, sentinels, ...password };
  }
  if (REDIS_CLUSTER !== undefined) {
    const { nodes: clusterNodes, ...others } = REDIS_CLUSTER;
    return { ...secured, ...others, clusterNodes };
  }
  return REDIS_URL === undefined ? undefined : { ...secured, url: REDIS_URL };
}

function tlsFiles(settings: Settings): (() => TlsMaterial) | undefined {
  const paths = { ca: settings.REDIS_TLS_CA_FILE, cert: settings.REDIS_TLS_CERT_FILE, key: settings.REDIS_TLS_KEY_FILE };
  const problems: ConfigProblem[] = [];
  const found: Partial<Record<keyof typeof paths, Buffer>> = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const path = paths[part];
    if (path === undefined) continue;
    try {
      found[part] = readFileSync(path);
    } catch (error) {
      const key = `REDIS_TLS_${part.toUpperCase()}_FILE`;
      problems.push({ key, given: JSON.stringify(path), allowed: `a file that can be read (${errorCode(error) ?? 'unreadable'})` });
    }
  }
  if (problems.length === 0) problems.push(...misfits(found, settings));
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.keys(found).length === 0 ? undefined : renewedTlsMaterial(found, (part) => readFileSync(paths[part] ?? ''));
}

/** With such files no connection can even be tried, and ioredis does not try again. */
function misfits({ cert, key }: TlsMaterial, { REDIS_TLS_CERT_FILE, REDIS_TLS_KEY_FILE }: Settings): readonly ConfigProblem[] {
  if (cert === undefined || key === undefined) return [];
  if (!isTaken({ cert }))
    return [{ key: 'REDIS_TLS_CERT_FILE', given: JSON.stringify(REDIS_TLS_CERT_FILE), allowed: 'a file with a certificate as PEM' }];
  if (isTaken({ cert, key })) return [];
  const allowed = 'a file with the key, as PEM without a passphrase, of the certificate in REDIS_TLS_CERT_FILE';
  return [{ key: 'REDIS_TLS_KEY_FILE', given: JSON.stringify(REDIS_TLS_KEY_FILE), allowed }];
}

function isTaken(material: TlsMaterial): boolean {
  return quietly(() => process.getBuiltinModule('node:tls').createSecureContext(material)) !== undefined;
}
