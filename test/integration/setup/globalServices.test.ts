import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { freePort } from '../../setup/freePort.js';
import { provideServices } from '../../setup/globalServices.js';
import { databaseUrl, redisUrl } from '../../setup/services.js';

let empty: string;
beforeEach(() => {
  empty = mkdtempSync(join(tmpdir(), 'handoff-otel-empty-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(empty, { recursive: true, force: true });
});

test('given servers are used and left running', async () => {
  const before = [databaseUrl(), redisUrl()];
  const teardown = await provideServices();
  expect([databaseUrl(), redisUrl()]).toEqual(before);
  await teardown();
  const again = await provideServices();
  await again();
});

test('a given server that does not answer is named in one sentence, without its password', async () => {
  const port = await freePort();
  vi.stubEnv('TEST_DATABASE_URL', `postgresql://postgres:hush@127.0.0.1:${port}/postgres`);
  const failure: unknown = await provideServices().catch((error: unknown) => error);
  expect(String(failure)).toMatch(
    new RegExp(
      `TEST_DATABASE_URL is set, but no PostgreSQL answers there \\(connect ECONNREFUSED 127.0.0.1:${port}\\): start that server, or unset`,
    ),
  );
  expect(String(failure)).not.toContain('hush');
});

test('a given Redis that does not answer is named in one sentence', async () => {
  const port = await freePort();
  vi.stubEnv('TEST_REDIS_URL', `redis://127.0.0.1:${port}`);
  await expect(provideServices()).rejects.toThrow(
    `TEST_REDIS_URL is set, but no Redis answers there (connect ECONNREFUSED 127.0.0.1:${port}): start that server`,
  );
});

test('where Redis can neither be found nor fetched, the run fails and says what to do', async () => {
  vi.stubEnv('TEST_REDIS_URL', undefined);
  vi.stubEnv('HANDOFF_TEST_IGNORE_SYSTEM', '1');
  vi.stubEnv('XDG_CACHE_HOME', empty);
  vi.stubEnv('PATH', empty);
  await expect(provideServices()).rejects.toThrow(
    'The tests need Redis, and neither redis-server nor apt-get with dpkg-deb, which could fetch it, was found: install redis-server or set TEST_REDIS_URL to a server.',
  );
});

test('the whole run fails on it: no test is skipped', async () => {
  const { VITEST: _worker, ...env } = process.env;
  const vitest = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/integration/setup/throwawayRedis.test.ts'], {
    env: { ...env, TEST_DATABASE_URL: 'postgresql://postgres@127.0.0.1:1/postgres' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  vitest.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  const [code] = (await once(vitest, 'close')) as [number];
  expect(code).toBe(1);
  expect(errors).toMatch(/^TEST_DATABASE_URL is set, but no PostgreSQL answers there [^\n]+\n$/);
});
