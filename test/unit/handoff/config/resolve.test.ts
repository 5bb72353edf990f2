import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../../src/handoff/config/resolve.js';
import { ConfigError } from '../../../../src/errors/configError.js';

function problemsOf(source: Record<string, string>): ConfigError['data']['problems'] {
  try {
    resolveConfig(source);
  } catch (error) {
    if (error instanceof ConfigError) return error.data.problems;
    throw error;
  }
  return [];
}

describe('resolveConfig', () => {
  it('fills in the documented defaults', () => {
    const { settings, unknownKeys } = resolveConfig({ HOME: '/home/ada' });
    expect(settings.HANDOFF_PG_POOL_SIZE).toBe(10);
    expect(settings.HANDOFF_MIGRATE_ON_START).toBe(true);
    expect(settings.HANDOFF_LOG_LEVEL).toBe('info');
    expect(settings.DATABASE_URL).toBeUndefined();
    expect(settings.HANDOFF_DATA_DIR).toBe('/home/ada/.local/share/handoff-otel');
    expect(unknownKeys).toEqual([]);
  });

  it('follows XDG_DATA_HOME and HANDOFF_DATA_DIR', () => {
    expect(resolveConfig({ XDG_DATA_HOME: '/data' }).settings.HANDOFF_DATA_DIR).toBe('/data/handoff-otel');
    expect(resolveConfig({ XDG_DATA_HOME: '/data', HANDOFF_DATA_DIR: '/mine' }).settings.HANDOFF_DATA_DIR).toBe('/mine');
  });

  it('ignores a relative XDG_DATA_HOME and an empty HOME', () => {
    expect(resolveConfig({ XDG_DATA_HOME: 'data', HOME: '/home/ada' }).settings.HANDOFF_DATA_DIR).toBe(
      '/home/ada/.local/share/handoff-otel',
    );
    expect(resolveConfig({ HOME: '' }, () => '/home/ada').settings.HANDOFF_DATA_DIR).toBe('/home/ada/.local/share/handoff-otel');
  });

  it('asks for HANDOFF_DATA_DIR when the user has no home, and only if the embedded database is used', () => {
    const homeless = (): string => {
      throw new Error('uv_os_homedir returned ENOENT');
    };
    expect(() => resolveConfig({}, homeless)).toThrow(ConfigError);
    expect(() => resolveConfig({}, homeless)).toThrow(
      /HANDOFF_DATA_DIR: nothing was given, but it must be a folder .* because this user has no home folder/,
    );
    expect(resolveConfig({ HANDOFF_DATA_DIR: '/data' }, homeless).settings.HANDOFF_DATA_DIR).toBe('/data');
    expect(resolveConfig({ DATABASE_URL: 'postgres://db/handoff' }, homeless).settings.DATABASE_URL).toBe('postgres://db/handoff');
  });

  it('takes only bearer tokens that a header can carry', () => {
    expect(problemsOf({ HANDOFF_HTTP_BEARER_TOKEN: 'abcdefgh~./+-_==' })).toEqual([]);
    expect(problemsOf({ HANDOFF_HTTP_BEARER_TOKEN: 'correct horse battery' })).toHaveLength(1);
    expect(problemsOf({ HANDOFF_HTTP_BEARER_TOKEN: 'schlüssel-schlüssel' })).toHaveLength(1);
  });

  it('turns text into numbers, flags and lists', () => {
    const { settings } = resolveConfig({
      HANDOFF_PG_POOL_SIZE: '25',
      HANDOFF_PG_PREPARED_STATEMENTS: '0',
      HANDOFF_HTTP_ALLOWED_HOSTS: 'a.example, B.example, handoff_server',
    });
    expect(settings.HANDOFF_PG_POOL_SIZE).toBe(25);
    expect(settings.HANDOFF_PG_PREPARED_STATEMENTS).toBe(false);
    expect(settings.HANDOFF_HTTP_ALLOWED_HOSTS).toEqual(['a.example', 'b.example', 'handoff_server']);
  });

  it('treats an empty value as not set', () => {
    expect(resolveConfig({ HANDOFF_PG_POOL_SIZE: '', DATABASE_URL: '' }).settings.HANDOFF_PG_POOL_SIZE).toBe(10);
    expect(resolveConfig({ HANDOFF_LOG_LEVEL: '  ', DATABASE_URL: ' ' }).settings).toMatchObject({
      HANDOFF_LOG_LEVEL: 'info',
      DATABASE_URL: undefined,
    });
  });

  it.each([
    'postgres://u:pw@/db?host=/run/postgresql',
    'postgresql:///db?host=/run/postgresql',
    'postgres://u:pw@%2Frun%2Fpostgresql/db',
    'postgresql://u@[::1]:5433/db?sslmode=require',
  ])('takes what pg takes as an address: %s', (address) => {
    expect(resolveConfig({ DATABASE_URL: address }).settings.DATABASE_URL).toBe(address);
  });

  it.each(['postgres://u:p#w@h/db', 'postgres://u:p/w@h/db', 'postgres://h1:1,h2:x/db', '/run/postgresql db', 'u:pw@/db'])(
    'refuses %s and says what to encode, without quoting it',
    (address) => {
      expect(() => resolveConfig({ DATABASE_URL: address })).toThrow(
        /DATABASE_URL: \(secret\) was given, but it must be .*percent-encoded/,
      );
    },
  );

  it('lists every problem at once with key, given and allowed', () => {
    const problems = problemsOf({
      HANDOFF_PG_POOL_SIZE: '0',
      HANDOFF_LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://user:hunter2@host/db',
      HANDOFF_HTTP_PORT: '1e3',
    });
    expect(problems.map(({ key }) => key).sort()).toEqual([
      'DATABASE_URL',
      'HANDOFF_HTTP_PORT',
      'HANDOFF_LOG_LEVEL',
      'HANDOFF_PG_POOL_SIZE',
    ]);
    expect(problems.find(({ key }) => key === 'HANDOFF_PG_POOL_SIZE')).toEqual({
      key: 'HANDOFF_PG_POOL_SIZE',
      given: '"0"',
      allowed: 'a whole number from 1 to 200 (connections)',
    });
    expect(problems.find(({ key }) => key === 'HANDOFF_LOG_LEVEL')?.allowed).toBe('one of trace, debug, info, warn, error, fatal, silent');
  });

  it('never repeats a secret in the error', () => {
    expect(() => resolveConfig({ DATABASE_URL: 'mysql://user:hunter2@host/db', HANDOFF_HTTP_BEARER_TOKEN: 'short' })).toThrow(
      expect.not.objectContaining({ message: expect.stringMatching(/hunter2|short\b/) }),
    );
    expect(problemsOf({ HANDOFF_HTTP_BEARER_TOKEN: 'hunter2' })).toEqual([expect.objectContaining({ given: '(secret)' })]);
  });

  it.each([
    ['HANDOFF_PG_POOL_SIZE', '1', '200', '0', '201'],
    ['HANDOFF_HTTP_PORT', '0', '65535', '-1', '65536'],
    ['HANDOFF_FLUSH_TIMEOUT_MS', '0', '60000', '-1', '60001'],
  ])('accepts the ends of the range of %s and nothing beyond', (key, low, high, below, above) => {
    expect(problemsOf({ [key]: low })).toEqual([]);
    expect(problemsOf({ [key]: high })).toEqual([]);
    expect(problemsOf({ [key]: below })).toHaveLength(1);
    expect(problemsOf({ [key]: above })).toHaveLength(1);
  });

  it('refuses what instrument() would only report, part by part', () => {
    expect(
      problemsOf({ HANDOFF_STDIO: 'perhaps', HANDOFF_MCP_METHODS: 'ping=maybe,=off', HANDOFF_MCP_CAPTURE: 'sizes,everything' }),
    ).toEqual([
      { key: 'HANDOFF_MCP_METHODS', given: '"ping=maybe"', allowed: 'name=word, where word is one of full, propagation-only, off' },
      { key: 'HANDOFF_MCP_METHODS', given: '"=off"', allowed: 'name=word, where word is one of full, propagation-only, off' },
      {
        key: 'HANDOFF_MCP_CAPTURE',
        given: '"everything"',
        allowed: 'one of arguments, results, prompt-variables, sizes, error-messages',
      },
      { key: 'HANDOFF_STDIO', given: '"perhaps"', allowed: 'true, false, 1 or 0' },
    ]);
  });

  it('does not read what Kubernetes sets for Services called handoff-http and handoff-admin', () => {
    const links = { HANDOFF_HTTP_PORT: 'tcp://10.0.0.1:3000', HANDOFF_ADMIN_PORT: 'tcp://10.0.0.2:9464' };
    expect(resolveConfig(links).settings).toMatchObject({ HANDOFF_HTTP_PORT: 3000, HANDOFF_ADMIN_PORT: undefined });
  });

  it('takes words in any case, as instrument() does', () => {
    expect(resolveConfig({ HANDOFF_LOG_LEVEL: 'WARN', HANDOFF_MIGRATE_ON_START: 'False' }).settings).toMatchObject({
      HANDOFF_LOG_LEVEL: 'warn',
      HANDOFF_MIGRATE_ON_START: false,
    });
  });

  it('names HANDOFF_ variables that are not settings', () => {
    expect(resolveConfig({ HANDOFF_POOLSIZE: '5', PATH: '/bin' }).unknownKeys).toEqual(['HANDOFF_POOLSIZE']);
    expect(resolveConfig({ HANDOFF_PORT: 'tcp://10.0.0.1:80', HANDOFF_SERVICE_HOST: '10.0.0.1', HANDOFF_X: ' ' }).unknownKeys).toEqual([]);
  });
});

it('takes several hosts of PostgreSQL, and says which Redis is used', () => {
  const DATABASE_URL = 'postgres://user:pw@a:5432,b:5432/db?target_session_attrs=read-write';
  const { settings, warnings } = resolveConfig({
    DATABASE_URL,
    DB_HOST: 'a',
    DB_NAME: 'other',
    REDIS_URL: 'redis://r',
    REDIS_CLUSTER: 'c:7000',
    REDIS_SENTINELS: 's1,s2/handoff',
  });
  expect(settings.DATABASE_URL).toBe(DATABASE_URL);
  expect(warnings).toEqual([
    'DATABASE_URL is used. DB_NAME differs from it and has no effect.',
    'REDIS_SENTINELS is used. REDIS_CLUSTER has no effect.',
    'REDIS_SENTINELS is used. REDIS_URL has no effect.',
  ]);
  expect(() => resolveConfig({ DATABASE_URL: 'postgres://a,b/db?target_session_attrs=standby' })).toThrow('DATABASE_URL');
});
