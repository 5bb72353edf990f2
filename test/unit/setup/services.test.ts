import { afterEach, expect, test, vi } from 'vitest';
import { databaseUrl, redisUrl } from '../../setup/services.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('a test that needs a server it was not given is told what to do', () => {
  vi.stubEnv('TEST_DATABASE_URL', undefined);
  vi.stubEnv('TEST_REDIS_URL', undefined);
  expect(() => databaseUrl()).toThrow(/TEST_DATABASE_URL is not set.*test\/integration/);
  expect(() => redisUrl()).toThrow(/TEST_REDIS_URL is not set.*test\/integration/);
});

test('the given servers are handed out as they are', () => {
  vi.stubEnv('TEST_DATABASE_URL', 'postgresql://somewhere/db');
  vi.stubEnv('TEST_REDIS_URL', 'redis://somewhere/1');
  expect([databaseUrl(), redisUrl()]).toEqual(['postgresql://somewhere/db', 'redis://somewhere/1']);
});
