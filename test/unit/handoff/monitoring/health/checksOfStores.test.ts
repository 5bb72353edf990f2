import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DatabaseUnavailableError } from '../../../../../src/errors/databaseErrors.js';
import { EmbeddedOpenError, EmbeddedUnavailableError } from '../../../../../src/errors/embeddedErrors.js';
import { createFileStore } from '../../../../../src/handoff/archive/objects/fileStore.js';
import type { ObjectStore } from '../../../../../src/handoff/archive/objects/objectStore.js';
import { archiveCheck } from '../../../../../src/handoff/monitoring/health/checks/archive.js';
import { databaseCheck } from '../../../../../src/handoff/monitoring/health/checks/database.js';
import { diskCheck, diskUse, useOf } from '../../../../../src/handoff/monitoring/health/checks/disk.js';
import { redisCheck } from '../../../../../src/handoff/monitoring/health/checks/redis.js';
import { Suspicions } from '../../../../../src/handoff/monitoring/health/suspicions.js';
import type { Finding } from '../../../../../src/handoff/monitoring/health/finding.js';
import type { Cache, CacheProbe } from '../../../../../src/handoff/storage/cache.js';
import type { Database, Statement } from '../../../../../src/handoff/storage/database.js';
import { TimedOut } from '../../../../../src/time/within.js';
import { look } from './look.js';

const folder = mkdtempSync(join(tmpdir(), 'handoff-health-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the database', () => {
  const pool = { totalCount: 3, idleCount: 1, waitingCount: 0, options: { max: 10 } };
  const database = (isWritable: () => Promise<object[]>, counts: object = {}, unusable: readonly object[] = []): Database => {
    const query = ({ name }: Statement): Promise<readonly object[]> =>
      name === 'handoff_is_writable' ? isWritable() : Promise.resolve(unusable);
    return { kind: 'postgres', pool: { ...pool, ...counts }, query } as unknown as Database;
  };
  const unavailable = (reasonCode: string, code?: string): DatabaseUnavailableError =>
    new DatabaseUnavailableError(
      'secret',
      { reasonCode, attempts: 1, waitedMs: 1 },
      { cause: Object.assign(new Error('host secret'), { code }) },
    );

  it('is healthy when it accepts writes, with the state of the pool', async () => {
    expect(await look(databaseCheck(database(async () => [{ writable: true }])))).toEqual({
      status: 'healthy',
      details: { totalConnections: 3, idleConnections: 1, waitingConnections: 0, maxConnections: 10 },
    });
  });

  it('is degraded when as many wait as there are connections', async () => {
    const check = databaseCheck(database(async () => [{ writable: true }], { waitingCount: 10 }));
    expect(await look(check)).toMatchObject({ status: 'degraded', reason: 'pool_saturated', details: { waitingConnections: 10 } });
  });

  it('is unhealthy while it answers and a circuit breaker still refuses the calls, and says so only then', async () => {
    let isOpen = true;
    const check = databaseCheck(
      database(async () => [{ writable: true }]),
      () => isOpen,
    );
    expect(await look(check)).toMatchObject({ status: 'unhealthy', reason: 'circuit_open', details: { maxConnections: 10 } });
    isOpen = false;
    expect(await look(check)).toMatchObject({ status: 'healthy' });
  });

  it('is unhealthy when statements were refused for want of space since the last look, and says so only then', async () => {
    const refusals = new Suspicions(() => 0);
    const check = databaseCheck(
      database(async () => [{ writable: true }]),
      () => false,
      refusals,
    );
    refusals.statementEnded('any', new Error('anything else'));
    expect(await look(check)).toMatchObject({ status: 'healthy' });
    for (const error of [Object.assign(new Error('no space'), { code: '53100' }), unavailable('53100')]) {
      refusals.statementEnded('any', error);
      expect(await look(check)).toMatchObject({ status: 'unhealthy', reason: 'full', details: { maxConnections: 10 } });
      expect(await look(check)).toMatchObject({ status: 'healthy' });
    }
  });

  it.each([
    ['statements_refused', '42703', { refusedStatements: 1 }, 'handoff-otel doctor'],
    ['statements_timed_out', '57014', { timedOutStatements: 1 }, 'pg_blocking_pids'],
  ])('is degraded while statements fail that have not succeeded since: %s', async (reason, code, details, advice) => {
    const met = new Suspicions(() => 0);
    const check = databaseCheck(
      database(async () => [{ writable: true }]),
      () => false,
      met,
    );
    met.statementEnded('any', Object.assign(new Error('failed'), { code }));
    const found = { status: 'degraded', reason, details };
    expect(await look(check)).toMatchObject({ ...found, advice: expect.stringContaining(advice) });
    expect(await look(check)).toMatchObject(found);
    met.statementEnded('any', undefined);
    expect(await look(check)).toMatchObject({ status: 'healthy' });
  });

  it.each([
    ['tables_missing', [{ name: 'sessions', isMissing: true }], 'search_path'],
    ['access_denied', [{ name: 'sessions', isMissing: false }], 'GRANT'],
  ])('is unhealthy when it accepts writes and calls cannot use a table: %s', async (reason, unusable, advice) => {
    const found = await look(databaseCheck(database(async () => [{ writable: true }], {}, unusable)));
    expect(found).toMatchObject({ status: 'unhealthy', reason, advice: expect.stringContaining(advice) });
  });

  it.each([
    ['read_only', async () => [{ writable: false }]],
    ['unreachable', () => Promise.reject(unavailable('ECONNREFUSED', 'ECONNREFUSED'))],
    ['access_denied', () => Promise.reject(unavailable('28P01', '28P01'))],
    ['access_denied', () => Promise.reject(unavailable('3D000', '3D000'))],
    ['too_many_connections', () => Promise.reject(unavailable('53300', '53300'))],
    ['pool_exhausted', () => Promise.reject(unavailable('pool_exhausted'))],
    ['unreachable', () => Promise.reject(new Error('anything'))],
  ])('is unhealthy: %s', async (reason, query) => {
    const found = await look(databaseCheck(database(query)));
    expect(found).toMatchObject({ status: 'unhealthy', reason, details: { maxConnections: 10 } });
    expect(JSON.stringify(found)).not.toContain('secret');
  });

  it.each([
    ['pooler_full', 'too_many_connections', 'max_client_conn'],
    ['pooler_without_server', 'unreachable', 'A pooler answers'],
  ])('says what is wrong with a pooler: %s', async (reasonCode, reason, advice) => {
    const found = await look(databaseCheck(database(() => Promise.reject(unavailable(reasonCode, '08P01')))));
    expect(found).toMatchObject({ status: 'unhealthy', reason, advice: expect.stringContaining(advice) as string });
  });

  it.each([
    [
      'full',
      new EmbeddedOpenError('/secret', 'disk_full', 'secret'),
      'The embedded database cannot be opened. The disk is full: free some space',
    ],
    ['unreachable', new EmbeddedOpenError('/secret', 'damaged', 'secret'), 'The embedded database cannot be opened. Its files are damaged'],
    ['unreachable', undefined, 'No process serves the embedded database. If another handoff-otel process'],
  ])('says what is wrong with the embedded database: %s', async (reason, why, advice) => {
    const cause = new EmbeddedUnavailableError('/secret', 15_000, why);
    const error = new DatabaseUnavailableError('secret', { reasonCode: cause.code, attempts: 1, waitedMs: 1 }, { cause });
    const found = await look(databaseCheck(database(() => Promise.reject(error))));
    expect(found).toMatchObject({ status: 'unhealthy', reason, advice: expect.stringContaining(advice) });
    expect(JSON.stringify(found)).not.toContain('secret');
  });
});

describe('the cache', () => {
  const cache = (kind: Cache['kind'], probe?: () => Promise<CacheProbe>): Cache =>
    ({ kind, ...(probe === undefined ? {} : { probe }) }) as Cache;

  it.each<[string, Cache, Partial<Finding>]>([
    ['without Redis', cache('memory'), { status: 'healthy', reason: 'in_process' }],
    ["a host's own", cache('redis'), { status: 'healthy', reason: 'not_measured' }],
    ['the primary', cache('redis', async () => ({ isReplica: false })), { status: 'healthy', details: { isPrimary: true } }],
    [
      'one that says what it holds',
      cache('redis', async () => ({ isReplica: false, keyCount: 3, memoryBytes: 900 })),
      { status: 'healthy', details: { isPrimary: true, keyCount: 3, memoryBytes: 900 } },
    ],
    ['one that does not say', cache('redis', async () => ({})), { status: 'healthy', details: {} }],
    ['a replica', cache('redis', async () => ({ isReplica: true })), { status: 'degraded', reason: 'read_only' }],
    ['away', cache('redis', () => Promise.reject(new Error('connect'))), { status: 'unhealthy', reason: 'unreachable' }],
    [
      'without memory',
      cache('redis', () => Promise.reject(new Error("OOM command not allowed when used memory > 'maxmemory'."))),
      { status: 'degraded', reason: 'full' },
    ],
    [
      'that cannot save',
      cache('redis', () => Promise.reject(new Error('MISCONF Redis is configured to save RDB snapshots'))),
      { status: 'degraded', reason: 'read_only' },
    ],
    ['late', cache('redis', () => Promise.reject(new TimedOut(300))), { status: 'unhealthy', reason: 'timed_out' }],
    [
      'refusing',
      cache('redis', () => Promise.reject(new Error('WRONGPASS invalid username-password pair'))),
      { status: 'unhealthy', reason: 'access_denied' },
    ],
    [
      'of which one node is given',
      cache('redis', () => Promise.reject(new Error('MOVED 3999 127.0.0.1:6381'))),
      { status: 'unhealthy', reason: 'unreachable', advice: expect.stringContaining('REDIS_CLUSTER') },
    ],
  ])('%s', async (_which, given, expected) => {
    const check = redisCheck(given);
    expect(check.isCritical).toBe(false);
    expect(await look(check)).toMatchObject(expected);
  });
});

describe('the archive', () => {
  const failing = (error: Error): ObjectStore =>
    ({ kind: 's3', location: 's3://secret', head: () => Promise.reject(error) }) as unknown as ObjectStore;
  const s3Error = (name: string, httpStatusCode: number): Error =>
    Object.assign(new Error('secret'), { name, $metadata: { httpStatusCode } });

  it('is healthy where there is none, and where its folder can be written or made', async () => {
    expect(await look(archiveCheck(undefined))).toMatchObject({ status: 'healthy', reason: 'not_configured' });
    expect(await look(archiveCheck(createFileStore(folder)))).toMatchObject({ status: 'healthy' });
    expect(await look(archiveCheck(createFileStore(join(folder, 'not', 'yet'))))).toMatchObject({ status: 'healthy' });
  });

  it.each([
    ['missing', s3Error('NoSuchBucket', 404)],
    ['access_denied', s3Error('AccessDenied', 403)],
    ['access_denied', Object.assign(new Error('x'), { code: 'EACCES' })],
    ['unreachable', new Error('getaddrinfo secret')],
  ])('is unhealthy: %s', async (reason, error) => {
    const found = await look(archiveCheck(failing(error)));
    expect(found).toMatchObject({ status: 'unhealthy', reason });
    expect(JSON.stringify(found)).not.toContain('secret');
  });
});

describe('the disk', () => {
  it.each([
    [89.9, 'healthy', undefined],
    [90, 'degraded', 'low_space'],
    [97, 'unhealthy', 'full'],
  ])('of which %d %% are used is %s', async (usedPercent, status, reason) => {
    const measure = async () => ({ freeBytes: 1, totalBytes: 100, usedPercent });
    const found = await look(diskCheck({ folder, isCritical: true, measure }));
    expect([found.status, found.reason, found.details]).toEqual([status, reason, { freeBytes: 1, totalBytes: 100, usedPercent }]);
  });

  it('is used by what is neither free nor reserved for root, and a file system without blocks is not used', () => {
    expect(useOf({ blocks: 1000, bfree: 400, bavail: 200, bsize: 4096 })).toEqual({
      freeBytes: 819_200,
      totalBytes: 4_096_000,
      usedPercent: 75,
    });
    expect(useOf({ blocks: 0, bfree: 0, bavail: 0, bsize: 4096 })).toEqual({ freeBytes: 0, totalBytes: 0, usedPercent: 0 });
  });

  it('is that of the nearest folder there is', async () => {
    const { freeBytes, totalBytes, usedPercent } = await diskUse(join(folder, 'not', 'yet'));
    expect(totalBytes).toBe((await diskUse(folder)).totalBytes);
    expect(freeBytes).toBeLessThanOrEqual(totalBytes);
    expect(usedPercent).toBeGreaterThan(0);
    expect(usedPercent).toBeLessThanOrEqual(100);
  });
});
