import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/errors/configError.js';
import { parseConfigFile, withConfigFile } from '../../../../src/handoff/config/configFile.js';

const problemsOf = (text: string): readonly string[] => {
  try {
    parseConfigFile(text);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.data.problems.map(({ key, given, allowed }) => `${key} | ${given} | ${allowed.split(';', 1)[0] ?? ''}`);
  }
};

describe('a configuration file', () => {
  it('has settings under their names, as texts, numbers and flags', () => {
    expect(
      parseConfigFile('{"HANDOFF_PG_POOL_SIZE": 5, "HANDOFF_ADMIN_TOOLS": true, "LOG_LEVEL": "warn", "DB_HOST": "h", "REDIS_URL": null}'),
    ).toEqual({ HANDOFF_PG_POOL_SIZE: '5', HANDOFF_ADMIN_TOOLS: 'true', LOG_LEVEL: 'warn', DB_HOST: 'h' });
  });

  it('may begin with a byte order mark, as files that were written on Windows do', () => {
    expect(parseConfigFile('\uFEFF{"HANDOFF_PG_POOL_SIZE": 5}')).toEqual({ HANDOFF_PG_POOL_SIZE: '5' });
  });

  it('is refused with everything that is wrong with it', () => {
    expect(
      problemsOf('{"HANDOFF_POOLSIZE": 1, "HANDOFF_PG_POOL_SIZE": [1], "HANDOFF_MCP_MODE": "off", "HANDOFF_CONFIG_FILE": "x"}'),
    ).toEqual([
      'HANDOFF_CONFIG_FILE: HANDOFF_POOLSIZE | this name | the name of a setting of docs/configuration.md',
      'HANDOFF_CONFIG_FILE: HANDOFF_PG_POOL_SIZE | something else | a text, a number, true or false',
      'HANDOFF_CONFIG_FILE: HANDOFF_MCP_MODE | this name | set in the environment, because it is read before the file',
      'HANDOFF_CONFIG_FILE: HANDOFF_CONFIG_FILE | this name | set in the environment, because it is read before the file',
    ]);
  });

  it.each([
    ['{', 'text that is not JSON'],
    ['[]', 'other JSON'],
    ['"x"', 'other JSON'],
    [`{"a": "${'x'.repeat(1_100_000)}"}`, 'more than 1048576 characters'],
  ])('is refused where it is no object of settings (%#)', (text, given) => {
    expect(problemsOf(text)[0]).toContain(given);
  });

  it('is refused with the place where it is no JSON, and without what stands there', () => {
    const [problem] = problemsOf('{\n  "HANDOFF_HTTP_BEARER_TOKEN": "hunter2",\n}\n');
    expect(problem).toContain('text that is not JSON (line 3, column 1)');
    expect(problem).not.toContain('hunter2');
  });
});

describe('the environment with a file', () => {
  const read = (): string => '{"HANDOFF_PG_POOL_SIZE": 5, "HANDOFF_LOG_LEVEL": "warn", "HANDOFF_HTTP_PORT": 0}';

  it('wins, unless a variable is blank', () => {
    const env = { HANDOFF_CONFIG_FILE: '/f', HANDOFF_PG_POOL_SIZE: '7', HANDOFF_HTTP_PORT: ' ', PATH: '/bin' };
    expect(withConfigFile(env, read)).toEqual({ ...env, HANDOFF_HTTP_PORT: '0', HANDOFF_LOG_LEVEL: 'warn' });
  });

  it.each([
    [{ DB_HOST: 'h', DB_PASSWORD: 'p' }, { DATABASE_URL: 'postgres://elsewhere/x', DB_NAME: 'n' }, { DB_NAME: 'n' }],
    [{ LOG_LEVEL: 'debug' }, { HANDOFF_LOG_LEVEL: 'error' }, {}],
    [{ REDIS_URL: 'redis://a' }, { REDIS_SENTINELS: 'b:1', REDIS_CLUSTER: 'c:1' }, {}],
    [{ REDIS_CLUSTER: 'a:1' }, { REDIS_SENTINELS: 'b:1', REDIS_URL: 'redis://c' }, { REDIS_URL: 'redis://c' }],
    [{ HANDOFF_ARCHIVE_DIR: '/a' }, { HANDOFF_ARCHIVE_S3_BUCKET: 'bucket' }, {}],
    [{ DB_HOST: ' ' }, { DATABASE_URL: 'postgres://elsewhere/x' }, { DATABASE_URL: 'postgres://elsewhere/x' }],
  ])('wins also where it sets the same in another way: %j', (own, file, added) => {
    const env = { HANDOFF_CONFIG_FILE: '/f', ...own };
    expect(withConfigFile(env, () => JSON.stringify(file))).toEqual({ ...env, ...added });
  });

  it('is what it was without one', () => {
    const env = { PATH: '/bin' };
    expect(withConfigFile(env, () => '')).toBe(env);
  });

  it('says what is wrong with a file that cannot be read', () => {
    expect(() => withConfigFile({ HANDOFF_CONFIG_FILE: '/no/such/file' })).toThrow(
      /HANDOFF_CONFIG_FILE: a file that does not exist \(ENOENT\) was given, but it must be the path of a file that this user can read$/u,
    );
    const refused = (): never => {
      throw Object.assign(new Error('refused'), { code: 'EACCES' });
    };
    expect(() => withConfigFile({ HANDOFF_CONFIG_FILE: '/f' }, refused)).toThrow(/: a file that cannot be read \(EACCES\) was given/u);
  });
});
