import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../../src/errors/configError.js';
import { resolveConfig } from '../../../../src/handoff/config/resolve.js';

/** What pg makes of an address. */
interface Parsed {
  readonly host: string;
  readonly port: string;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}
const requirePg = createRequire(createRequire(import.meta.url).resolve('pg'));
const { parse } = requirePg('pg-connection-string') as { parse(address: string): Parsed };

type Env = Readonly<Record<string, string>>;

const addressOf = (env: Env): string | undefined => resolveConfig({ HOME: '/home/ada', ...env }).settings.DATABASE_URL;
const parsedAddress = (env: Env): Parsed => parse(addressOf(env) ?? '');
const warningsOf = (env: Env): readonly string[] => resolveConfig({ HOME: '/home/ada', ...env }).warnings;

function problemsOf(env: Env): ConfigError['data']['problems'] {
  try {
    resolveConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.data.problems;
    throw error;
  }
  return [];
}

describe('DB_HOST to DB_PASSWORD', () => {
  it('select PostgreSQL, with the defaults of the earlier server', () => {
    expect(parsedAddress({ DB_PASSWORD: 'sesame' })).toMatchObject({
      host: 'localhost',
      port: '5432',
      user: 'ai_handoff_user',
      password: 'sesame',
      database: 'ai_handoff',
    });
  });

  it('are all used', () => {
    const env = { DB_HOST: 'db.example', DB_PORT: '6543', DB_NAME: 'mine', DB_USER: 'ada', DB_PASSWORD: 'sesame' };
    expect(addressOf(env)).toBe('postgres://ada:sesame@db.example:6543/mine');
    expect(warningsOf(env)).toEqual([]);
  });

  it.each(['p@ss:w/o?r#d%', '%41', ' blank at both ends ', 'ünïcödé', "';--", '[::1]', '+&='])(
    'reach pg as they are: password, user and name %j',
    (text) => {
      const name = text.replaceAll(/[?#]/g, '').trim();
      const parsed = parsedAddress({ DB_USER: text, DB_PASSWORD: text, DB_NAME: name });
      expect(parsed).toMatchObject({ user: text.trim(), password: text, database: name });
    },
  );

  it.each([
    ['::1', '::1'],
    ['10.0.0.1', '10.0.0.1'],
    ['/run/postgresql', '/run/postgresql'],
  ])('take the host %s', (host, expected) => {
    expect(parsedAddress({ DB_HOST: host, DB_PASSWORD: 'x' })).toMatchObject({ host: expected, port: '5432' });
    if (host === '::1') expect(addressOf({ DB_HOST: host, DB_PASSWORD: 'x' })).toContain('@[::1]:5432/');
  });

  it('that are empty count as not set', () => {
    const empty = { DB_HOST: '', DB_PORT: ' ', DB_NAME: '', DB_USER: '', DB_PASSWORD: '' };
    expect(addressOf(empty)).toBeUndefined();
    expect(parsedAddress({ ...empty, DB_PASSWORD: 'sesame' })).toMatchObject({ host: 'localhost', user: 'ai_handoff_user' });
  });

  it.each<[Env, string]>([
    [{ DB_HOST: 'db.example' }, 'DB_HOST is set'],
    [{ DB_HOST: 'db.example', DB_USER: 'ada', DB_PASSWORD: '' }, 'DB_HOST, DB_USER are set'],
  ])('without a password are refused: %j', (env, reason) => {
    const [problem, ...others] = problemsOf(env);
    expect(problem).toMatchObject({ key: 'DB_PASSWORD', given: 'nothing', allowed: expect.stringContaining(reason) });
    expect(others).toEqual([]);
  });

  it('that cannot be used are refused together, and the password is not shown', () => {
    const env = { DB_HOST: 'db.example/x', DB_PORT: '70000', DB_NAME: 'a?b', DB_USER: 'u'.repeat(64), DB_PASSWORD: 'hunter2'.repeat(1000) };
    expect(problemsOf(env).map(({ key }) => key)).toEqual(['DB_HOST', 'DB_PORT', 'DB_NAME', 'DB_USER', 'DB_PASSWORD']);
    expect(JSON.stringify(problemsOf(env))).not.toContain('hunter2');
  });

  it('are not what Kubernetes sets for a Service called db', () => {
    const links = { DB_PORT: 'tcp://10.0.0.1:5432', DB_SERVICE_HOST: '10.0.0.1', DB_PORT_5432_TCP_ADDR: '10.0.0.1' };
    expect(addressOf(links)).toBeUndefined();
    expect(parsedAddress({ ...links, DB_PASSWORD: 'x' }).port).toBe('5432');
  });
});

describe('DATABASE_URL beside them', () => {
  const DATABASE_URL = 'postgres://ada:p%40ss@db.example/mine';
  const same = { DB_HOST: 'db.example', DB_PORT: '5432', DB_NAME: 'mine', DB_USER: 'ada', DB_PASSWORD: 'p@ss' };

  it('wins, in silence where they say the same', () => {
    expect(addressOf({ DATABASE_URL, ...same })).toBe(DATABASE_URL);
    expect(warningsOf({ DATABASE_URL, ...same })).toEqual([]);
    expect(warningsOf({ DATABASE_URL: 'postgres://ada:p%40ss@/mine?host=/run', ...same, DB_HOST: '/run' })).toEqual([]);
    expect(warningsOf({ DATABASE_URL: 'postgres://ada:p%40ss@[::1]/mine', ...same, DB_HOST: '::1' })).toEqual([]);
    expect(warningsOf({ DATABASE_URL: 'postgres://ada:%20p%20@db.example/mine', ...same, DB_PASSWORD: ' p ' })).toEqual([]);
  });

  it('wins over what contradicts it, which is named without its value', () => {
    const env = { DATABASE_URL, ...same, DB_HOST: 'other.example', DB_PASSWORD: 'hunter2' };
    expect(addressOf(env)).toBe(DATABASE_URL);
    expect(warningsOf(env)).toEqual(['DATABASE_URL is used. DB_HOST, DB_PASSWORD differ from it and have no effect.']);
    expect(warningsOf({ DATABASE_URL, DB_NAME: 'other' })).toEqual(['DATABASE_URL is used. DB_NAME differs from it and has no effect.']);
  });

  it('wins over what could not be used, and over half of them', () => {
    expect(problemsOf({ DATABASE_URL, DB_HOST: 'db.example', DB_PORT: 'many' })).toEqual([]);
  });

  it('is the only problem when it cannot be used itself', () => {
    expect(problemsOf({ DATABASE_URL: 'mysql://h/d', DB_HOST: 'h', DB_PORT: 'many' }).map(({ key }) => key)).toEqual(['DATABASE_URL']);
  });
});
