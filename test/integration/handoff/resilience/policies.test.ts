import * as cockatiel from 'cockatiel';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatabaseUnavailableError } from '../../../../src/errors/databaseErrors.js';
import { cacheListeners } from '../../../../src/handoff/cli/serve/cacheListeners.js';
import { storageReports } from '../../../../src/handoff/cli/serve/storageReports.js';
import { openCache } from '../../../../src/handoff/cli/openStorage.js';
import { resolveConfig } from '../../../../src/handoff/config/resolve.js';
import { openDegradations } from '../../../../src/handoff/resilience/openDegradations.js';
import { createPolicies } from '../../../../src/handoff/resilience/policies.js';
import type { Policies } from '../../../../src/handoff/resilience/policies.js';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import { guardedDatabase } from '../../../../src/handoff/storage/guardedDatabase.js';
import { isWritable } from '../../../../src/handoff/storage/isWritable.js';
import { createMemoryCache } from '../../../../src/handoff/storage/memoryCache.js';
import { createRedisCache } from '../../../../src/handoff/storage/redisCache.js';
import { systemClock } from '../../../../src/time/clock.js';
import { startThrowawayPostgres } from '../../../setup/throwawayPostgres.js';
import { startThrowawayRedis } from '../../../setup/throwawayRedis.js';
import { Recording } from '../../../unit/telemetry/recording.js';
import { openDatabase } from '../storage/openDatabase.js';

const read = { name: 'policies_read', text: 'SELECT 1 AS one' };
const slowRead = { name: 'policies_slow_read', text: 'SELECT pg_sleep(1), 1 AS one' };
const write = { name: 'policies_write', text: 'INSERT INTO policies_test VALUES ($1)' };

let recording: Recording;
let policies: Policies;
beforeEach(() => {
  recording = new Recording();
  const { log, meter } = recording;
  policies = createPolicies({ cockatiel, log, meter, clock: systemClock, random: Math.random });
});
afterEach(async () => {
  policies.close();
  await recording.dispose();
});

const reasonOf = (error: unknown): string => (error instanceof DatabaseUnavailableError ? error.data.reasonCode : 'another');

describe('PostgreSQL under its policies', () => {
  it('fails fast while the server is away, lets health ask all the same, and closes by itself when it is back', async () => {
    await using server = await startThrowawayPostgres();
    const raw = await openDatabase(server.url, { poolSize: 4, connectRetryMs: 300 });
    try {
      const database = guardedDatabase(raw, policies.database);
      await database.query({ name: 'policies_table', text: 'CREATE TABLE policies_test (n integer PRIMARY KEY)' });
      await database.query(write, [1]);
      // What the server refuses, it has answered.
      for (let tries = 0; tries < 10; tries += 1) await expect(database.query(write, [1])).rejects.toMatchObject({ code: '23505' });
      expect(policies.states().get('database')).toBe('closed');

      await server.kill9();
      const failed = await Promise.all(Array.from({ length: 12 }, () => database.query(read).catch(reasonOf)));
      expect(failed).not.toContain('another');
      await expect.poll(() => policies.states().get('database')).not.toBe('closed');
      const startMs = performance.now();
      expect(await database.query(read).catch(reasonOf)).toBe('circuit_open');
      expect(performance.now() - startMs).toBeLessThan(100);
      await expect(isWritable(raw)).rejects.toThrow(DatabaseUnavailableError);

      await server.start();
      await expect.poll(() => policies.states().get('database'), { timeout: 20_000 }).toBe('closed');
      expect(await database.query(read)).toEqual([{ one: 1 }]);
      await database.query(write, [2]);
    } finally {
      await raw.close();
    }
  });

  it('finds out that a frozen server does not answer from an exhausted pool, and does not take a probe that found it so for an answer', async () => {
    await using server = await startThrowawayPostgres();
    const raw = await openDatabase(server.url, { poolSize: 2, connectionTimeoutMs: 500, connectRetryMs: 500, statementTimeoutMs: 60_000 });
    try {
      const database = guardedDatabase(raw, policies.database);
      await database.query(read);
      await server.pause();
      // Two hold the connections and hear nothing for a minute; the others get none.
      const waiting = Promise.allSettled(Array.from({ length: 8 }, () => database.query(read)));
      await expect.poll(() => policies.states().get('database')).toBe('open');
      const states = new Set<string | undefined>();
      const untilMs = performance.now() + 3000;
      while (performance.now() < untilMs) {
        states.add(policies.states().get('database'));
        await systemClock.sleep(20);
      }
      expect(states).not.toContain('closed');
      await server.resume();
      await expect.poll(() => policies.states().get('database'), { timeout: 20_000 }).toBe('closed');
      await waiting;
      expect(await database.query(read)).toEqual([{ one: 1 }]);
    } finally {
      await server.resume();
      await raw.close();
    }
  });

  it('reads once more when the connection of a read is ended, and writes never', async () => {
    await using server = await startThrowawayPostgres();
    const raw = await openDatabase(server.url, { poolSize: 4 });
    try {
      const database = guardedDatabase(raw, policies.database);
      const endAll = async (): Promise<void> => {
        await systemClock.sleep(300);
        await raw.pool.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = $1', [
          'client backend',
        ]);
      };
      const [rows] = await Promise.all([database.query(slowRead), endAll()]);
      expect(rows).toMatchObject([{ one: 1 }]);
      const slowWrite = { name: 'policies_slow_write', text: 'CREATE TABLE made AS SELECT count(pg_sleep(1)::text)' };
      const [outcome] = await Promise.all([
        database.query(slowWrite).then(
          () => 'done',
          (error: unknown) => error,
        ),
        endAll(),
      ]);
      expect(outcome).toMatchObject({ code: 'HANDOFF_DATABASE_INTERRUPTED' });
      expect(policies.states().get('database')).toBe('closed');
    } finally {
      await raw.close();
    }
  });
});

it('Redis that hangs is left alone, and used again when it answers', async () => {
  await using server = await startThrowawayRedis();
  const fallback = await createMemoryCache({}, { clock: systemClock });
  const cache = await createRedisCache(
    { connection: { url: server.url }, commandTimeoutMs: 150 },
    { fallback, clock: systemClock, random: Math.random, onError: () => undefined, guard: policies.cache },
  );
  try {
    await cache.set('a', 'before', 60);
    await server.pause();
    await Promise.all(Array.from({ length: 8 }, (_, index) => cache.get(`k${index}`)));
    await expect.poll(() => policies.states().get('cache')).not.toBe('closed');
    await cache.set('a', 'meanwhile', 60);
    expect(await cache.get('a')).toBe('meanwhile');
    await server.resume();
    await expect.poll(() => policies.states().get('cache'), { timeout: 20_000 }).toBe('closed');
    expect(await cache.get('a')).toBe('meanwhile');
  } finally {
    await cache.close();
  }
});

it('a server whose Redis is away works without it, says so, and uses it again', async () => {
  const server = await startThrowawayRedis();
  const { log, meter } = recording;
  const { degradations } = openDegradations(log, meter, systemClock);
  const { settings } = resolveConfig({ DATABASE_URL: 'postgres://localhost/none', REDIS_URL: server.url });
  const cache = await openCache(settings, ...cacheListeners(() => undefined, { policies, degradations }));
  try {
    await cache.set('a', '1', 60);
    expect(degradations.list()).toEqual([]);
    await server.kill9();
    await expect.poll(() => degradations.list()).toMatchObject([{ feature: 'cache' }]);
    await cache.set('b', '2', 60);
    expect(await cache.get('b')).toBe('2');
    await server.start();
    await expect.poll(() => degradations.list(), { timeout: 20_000 }).toEqual([]);
    expect(recording.records.map(({ level }) => level)).toEqual(['warn', 'info']);
  } finally {
    await cache.close();
    await server.stop();
  }
});

it('says by a word why Redis is left out, also where ioredis has no code for it', async () => {
  await using server = await startThrowawayRedis();
  const { settings } = resolveConfig({ DATABASE_URL: 'postgres://localhost/none', REDIS_URL: server.url });
  const reasons: string[] = [];
  const { log, meter } = recording;
  const { degradations } = openDegradations(log, meter, systemClock);
  degradations.degrade = (_feature, _cause, reason) => void reasons.push(reason);
  const cache = await openCache(settings, ...cacheListeners(storageReports(log, meter).onCacheError, { policies, degradations }));
  const admin = new Redis(server.url);
  try {
    await expect.poll(() => cache.set('a', '1', 60)).toBeUndefined();
    await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    // On a busy machine a call before may have timed out.
    await expect.poll(() => reasons).toContain('connection_closed');
    expect(reasons.filter((reason) => reason !== 'timeout')).toEqual(['connection_closed']);
    await expect.poll(() => cache.set('a', '1', 60)).toBeUndefined();
    await server.pause();
    await Promise.all(Array.from({ length: 10 }, () => cache.set('a', '2', 60)));
    const told = (): string =>
      recording.records.map(({ fields }) => `${String(fields['event.name'])} ${String(fields['error.type'])}`).join('\n');
    await expect.poll(told).toMatch(/^handoff\.breaker\.opened (?:timeout|TimedOut)$/m);
    expect(told()).toMatch(/^handoff\.cache\.failed (?:timeout|TimedOut)$/m);
    expect(told()).not.toMatch(/ Error$/m);
  } finally {
    admin.disconnect();
    await server.resume();
    await cache.close();
  }
});

it('the error handler of the services waits for a database that is restarted', async () => {
  await using server = await startThrowawayPostgres();
  const { log, meter, tracer } = recording;
  const database = await openDatabase(server.url, { poolSize: 2, connectRetryMs: 200 });
  const cache = await createMemoryCache({}, { clock: systemClock });
  const { errors } = createHandoffServices({ database, cache, log, meter, tracer, policies });
  try {
    await server.kill9();
    const error: unknown = await database.query(read).catch((thrown: unknown) => thrown);
    expect(await errors.handle(error)).toMatchObject({ category: 'system', retryable: true });
    const recovery = errors.attemptRecovery(error as Error);
    await server.start();
    expect(await recovery).toBe(true);
  } finally {
    await database.close();
  }
});
