import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/errors/configError.js';
import { isOverTls } from '../../../../src/handoff/config/redisSettings.js';
import { resolveConfig } from '../../../../src/handoff/config/resolve.js';

type Env = Readonly<Record<string, string>>;

const warningsOf = (env: Env): readonly string[] => resolveConfig({ HOME: '/home/ada', ...env }).warnings;

function problemsOf(env: Env): readonly string[] {
  try {
    resolveConfig({ HOME: '/home/ada', ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.data.problems.map(({ key }) => key);
    throw error;
  }
  return [];
}

describe('settings of Redis', () => {
  const CA = { REDIS_TLS_CA_FILE: '/ca.pem' };
  const PAIR = { REDIS_TLS_CERT_FILE: '/cert.pem', REDIS_TLS_KEY_FILE: '/key.pem' };

  it.each<[Env, string[]]>([
    [{ REDIS_TLS_KEY_FILE: '/key.pem' }, ['REDIS_TLS_CERT_FILE']],
    [{ REDIS_TLS_CERT_FILE: '/cert.pem' }, ['REDIS_TLS_KEY_FILE']],
    [PAIR, []],
  ])('a certificate and its key are only of use together: %j', (env, keys) => {
    expect(problemsOf({ REDIS_URL: 'rediss://r', ...env })).toEqual(keys);
  });

  it.each<[Env, string[]]>([
    [{ REDIS_URL: 'rediss://r', ...CA, ...PAIR }, []],
    [{ REDIS_URL: 'REDISS://r', ...CA }, []],
    [{ REDIS_CLUSTER: 'rediss://r:1', ...CA }, []],
    [CA, ['REDIS_TLS_CA_FILE has no effect: no Redis is configured.']],
    [
      { REDIS_URL: 'redis://r', ...PAIR },
      ['REDIS_TLS_CERT_FILE has no effect: REDIS_URL does not begin with rediss://, so that Redis is spoken to without TLS.'],
    ],
  ])('files for TLS without TLS are told: %j', (env, warnings) => {
    expect(warningsOf(env)).toEqual(warnings);
  });

  it('the first of several addresses is used, and decides whether there is TLS; the others are told', () => {
    const env = { REDIS_SENTINELS: 's:1', REDIS_CLUSTER: 'rediss://c:1', REDIS_URL: 'rediss://r' };
    expect(warningsOf(env)).toEqual([
      'REDIS_SENTINELS is used. REDIS_CLUSTER has no effect.',
      'REDIS_SENTINELS is used. REDIS_URL has no effect.',
    ]);
    expect(isOverTls(resolveConfig({ HOME: '/home/ada', ...env }).settings)).toBe(false);
  });
});

it('an archive in a bucket leaves no use for a folder, which is told', () => {
  expect(warningsOf({ HANDOFF_ARCHIVE_S3_BUCKET: 'bucket', HANDOFF_ARCHIVE_DIR: '/archive' })).toEqual([
    'HANDOFF_ARCHIVE_S3_BUCKET is used. HANDOFF_ARCHIVE_DIR has no effect.',
  ]);
});
