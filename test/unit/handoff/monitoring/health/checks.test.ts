import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DatabaseUnavailableError } from '../../../../../src/errors/databaseErrors.js';
import { createFileStore } from '../../../../../src/handoff/archive/objects/fileStore.js';
import type { ObjectStore } from '../../../../../src/handoff/archive/objects/objectStore.js';
import type { JobsHealth } from '../../../../../src/handoff/jobs/jobsHealth.js';
import { archiveCheck } from '../../../../../src/handoff/monitoring/health/checks/archive.js';
import { databaseCheck } from '../../../../../src/handoff/monitoring/health/checks/database.js';
import { diskCheck, diskUse } from '../../../../../src/handoff/monitoring/health/checks/disk.js';
import { LoopMeter, eventLoopCheck } from '../../../../../src/handoff/monitoring/health/checks/eventLoop.js';
import type { LoopUse } from '../../../../../src/handoff/monitoring/health/checks/eventLoop.js';
import { jobsCheck } from '../../../../../src/handoff/monitoring/health/checks/jobs.js';
import { memoryCheck, memoryUse } from '../../../../../src/handoff/monitoring/health/checks/memory.js';
import { migrationsCheck } from '../../../../../src/handoff/monitoring/health/checks/migrations.js';
import { partitionsCheck } from '../../../../../src/handoff/monitoring/health/checks/partitions.js';
import { redisCheck } from '../../../../../src/handoff/monitoring/health/checks/redis.js';
import { sweepsCheck } from '../../../../../src/handoff/monitoring/health/checks/sweeps.js';
import { telemetryCheck } from '../../../../../src/handoff/monitoring/health/checks/telemetry.js';
import type { TelemetryStatus } from '../../../../../src/handoff/monitoring/health/checks/telemetry.js';
import type { Finding, HealthCheck } from '../../../../../src/handoff/monitoring/health/finding.js';
import type { Cache, CacheProbe } from '../../../../../src/handoff/storage/cache.js';
import type { Database } from '../../../../../src/handoff/storage/database.js';
import { TimedOut } from '../../../../../src/time/within.js';

const folder = mkdtempSync(join(tmpdir(), 'handoff-health-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A finding that is not healthy says why in a word and what to do in sentences. */
async function look(check: HealthCheck): Promise<Finding> {
  const found = await check.run(new AbortController().signal);
  expect(check.adviceWhenSlow).toMatch(/^[A-Z].*\.$/u);
  if (found.status !== 'healthy') {
    expect(found.reason).toMatch(/^[a-z_]+$/u);
    expect(found.advice).toMatch(/^[A-Z].{30,}\.$/u);
  }
  return found;
}

describe('the database', () => {
  const pool = { totalCount: 3, idleCount: 1, waitingCount: 0, options: { max: 10 } };
  const database = (query: () => Promise<object[]>, counts: object = {}): Database =>
    ({ kind: 'postgres', pool: { ...pool, ...counts }, query }) as unknown as Database;
  const unavailable = (reasonCode: string, code?: string): DatabaseUnavailableError =>
    new DatabaseUnavailableError('secret', { reasonCode, attempts: 1, waitedMs: 1 }, { cause: Object.assign(new Error('host secret'), { code }) });

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

  it.each([
    ['read_only', async () => [{ writable: false }]],
    ['unreachable', () => Promise.reject(unavailable('ECONNREFUSED', 'ECONNREFUSED'))],
    ['access_denied', () => Promise.reject(unavailable('28P01', '28P01'))],
    ['too_many_connections', () => Promise.reject(unavailable('53300', '53300'))],
    ['pool_exhausted', () => Promise.reject(unavailable('pool_exhausted'))],
    ['unreachable', () => Promise.reject(new Error('anything'))],
  ])('is unhealthy: %s', async (reason, query) => {
    const found = await look(databaseCheck(database(query)));
    expect(found).toMatchObject({ status: 'unhealthy', reason, details: { maxConnections: 10 } });
    expect(JSON.stringify(found)).not.toContain('secret');
  });
});

describe('the cache', () => {
  const cache = (kind: Cache['kind'], probe?: () => Promise<CacheProbe>): Cache => ({ kind, ...(probe === undefined ? {} : { probe }) }) as Cache;

  it.each<[string, Cache, Partial<Finding>]>([
    ['without Redis', cache('memory'), { status: 'healthy', reason: 'in_process' }],
    ["a host's own", cache('redis'), { status: 'healthy', reason: 'not_measured' }],
    ['the primary', cache('redis', async () => ({ isReplica: false })), { status: 'healthy', details: { isPrimary: true } }],
    ['one that does not say', cache('redis', async () => ({})), { status: 'healthy', details: {} }],
    ['a replica', cache('redis', async () => ({ isReplica: true })), { status: 'degraded', reason: 'read_only' }],
    ['away', cache('redis', () => Promise.reject(new Error('connect'))), { status: 'unhealthy', reason: 'unreachable' }],
    ['late', cache('redis', () => Promise.reject(new TimedOut(300))), { status: 'unhealthy', reason: 'timed_out' }],
    [
      'refusing',
      cache('redis', () => Promise.reject(new Error('WRONGPASS invalid username-password pair'))),
      { status: 'unhealthy', reason: 'access_denied' },
    ],
  ])('%s', async (_which, given, expected) => {
    const check = redisCheck(given);
    expect(check.isCritical).toBe(false);
    expect(await look(check)).toMatchObject(expected);
  });
});

describe('the archive', () => {
  const failing = (error: Error): ObjectStore => ({ kind: 's3', location: 's3://secret', head: () => Promise.reject(error) }) as unknown as ObjectStore;
  const s3Error = (name: string, httpStatusCode: number): Error => Object.assign(new Error('secret'), { name, $metadata: { httpStatusCode } });

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

  it('is that of the nearest folder there is', async () => {
    const { freeBytes, totalBytes, usedPercent } = await diskUse(join(folder, 'not', 'yet'));
    expect(totalBytes).toBe((await diskUse(folder)).totalBytes);
    expect(freeBytes).toBeLessThanOrEqual(totalBytes);
    expect(usedPercent).toBeGreaterThan(0);
    expect(usedPercent).toBeLessThanOrEqual(100);
  });
});

describe('the event loop', () => {
  it.each<[LoopUse, string, string | undefined]>([
    [{ utilization: 0.5 }, 'healthy', undefined],
    [{ utilization: 0.5, delayP99Ms: 249, delayMaxMs: 999 }, 'healthy', undefined],
    [{ utilization: 0.5, delayP99Ms: 250, delayMaxMs: 300 }, 'degraded', 'saturated'],
    [{ utilization: 0.98, delayP99Ms: 1, delayMaxMs: 2 }, 'degraded', 'saturated'],
    [{ utilization: 0.5, delayP99Ms: 1, delayMaxMs: 1000 }, 'degraded', 'stalled'],
  ])('%j', async (use, status, reason) => {
    const found = await look(eventLoopCheck(() => use));
    expect([found.status, found.reason]).toEqual([status, reason]);
  });

  it('is measured since the last look, and absent before anything was', async () => {
    const meter = new LoopMeter();
    expect(meter.look()).toEqual({});
    meter.start();
    await new Promise((resolve) => setTimeout(resolve, 250));
    const untilMs = performance.now() + 400;
    while (performance.now() < untilMs);
    await new Promise((resolve) => setTimeout(resolve, 600));
    const { delayMaxMs = 0, utilization } = meter.look();
    expect(delayMaxMs).toBeGreaterThan(200);
    expect(utilization).toBeGreaterThan(0.2);
    expect(utilization).toBeLessThan(1);
    expect(meter.look()).toEqual({});
    meter.stop();
  });
});

describe('the memory', () => {
  const GIB = 2 ** 30;
  it.each([
    [{ rssBytes: 1, heapUsedBytes: 79, heapLimitBytes: 100 }, 'healthy', undefined],
    [{ rssBytes: 1, heapUsedBytes: 80, heapLimitBytes: 100 }, 'degraded', 'heap_nearly_full'],
    [{ rssBytes: 1, heapUsedBytes: 95, heapLimitBytes: 100 }, 'unhealthy', 'heap_nearly_full'],
    [{ rssBytes: 85, limitBytes: 100, heapUsedBytes: 1, heapLimitBytes: 100 }, 'degraded', 'memory_nearly_full'],
    [{ rssBytes: 96, limitBytes: 100, heapUsedBytes: 81, heapLimitBytes: 100 }, 'unhealthy', 'memory_nearly_full'],
  ])('%j', async (use, status, reason) => {
    const found = await look(memoryCheck(() => use));
    expect([found.status, found.reason]).toEqual([status, reason]);
  });

  it('is measured against the limit of the control group, if there is one', () => {
    expect(memoryUse(() => GIB, () => 2 * GIB)).toMatchObject({ limitBytes: GIB });
    for (const none of [0, 2 ** 64, 2 * GIB]) expect(memoryUse(() => none, () => 2 * GIB)).not.toHaveProperty('limitBytes');
    const { rssBytes, heapUsedBytes, heapLimitBytes } = memoryUse();
    expect(rssBytes).toBeGreaterThan(heapUsedBytes);
    expect(heapLimitBytes).toBeGreaterThan(heapUsedBytes);
  });
});

describe('the jobs', () => {
  const HOUR_MS = 3_600_000;
  const job = (extra: object, stats: object = {}, enabled = true): JobsHealth['jobs'][number] =>
    ({ config: { name: 'job', intervalMs: HOUR_MS, enabled }, stats, sinceLastRunMs: undefined, ...extra }) as JobsHealth['jobs'][number];
  const overdue = { sinceLastRunMs: 4 * HOUR_MS + 300_001 };
  const failed = { lastFailure: '2026-01-01T01:00:00.000Z', lastSuccess: '2026-01-01T00:00:00.000Z' };

  it.each<[string, JobsHealth, string, string | undefined]>([
    ['none', { jobs: [] }, 'healthy', 'switched_off'],
    ['one that never ran', { jobs: [job({})] }, 'healthy', undefined],
    ['one that runs', { jobs: [job({ sinceLastRunMs: 4 * HOUR_MS })] }, 'healthy', undefined],
    ['one that nobody runs', { jobs: [job(overdue)] }, 'degraded', 'overdue'],
    ['one that nobody is to run', { jobs: [job(overdue, failed, false)] }, 'healthy', 'switched_off'],
    ['one that failed', { jobs: [job({}, failed)] }, 'degraded', 'failing'],
    ['one that works again', { jobs: [job({}, { ...failed, lastSuccess: '2026-01-01T02:00:00.000Z' })] }, 'healthy', undefined],
    ['a process that begins', { jobs: [job({})], joining: { sinceMs: 60_000 } }, 'healthy', undefined],
    ['a process that cannot', { jobs: [job({})], joining: { sinceMs: 60_001 } }, 'degraded', 'not_running'],
  ])('%s', async (_which, state, status, reason) => {
    const found = await look(jobsCheck(async () => state));
    expect([found.status, found.reason]).toEqual([status, reason]);
  });
});

it.each([
  [{ expire: 10_800, dormant: 5400 }, 'healthy'],
  [{ expire: 10_801, dormant: 0 }, 'degraded'],
  [{ expire: 0, dormant: 5401 }, 'degraded'],
])('sweeps that are behind by %j s are %s', async (lag, status) => {
  expect(await look(sweepsCheck(async () => lag))).toMatchObject({ status, details: { expireLagSeconds: lag.expire } });
});

it.each([
  [{ kind: 'current', pending: 0 }, 'healthy', undefined],
  [{ kind: 'pending', pending: 2 }, 'degraded', 'pending'],
  [{ kind: 'newer' }, 'degraded', 'newer'],
  [{ kind: 'changed' }, 'degraded', 'changed'],
] as const)('migrations that are %j are %s', async (state, status, reason) => {
  const found = await look(migrationsCheck(async () => state));
  expect([found.status, found.reason]).toEqual([status, reason]);
});

it.each([
  [100.7, 'healthy', 100],
  [13.9, 'degraded', 13],
  [null, 'degraded', 0],
])('partitions for %s days are %s', async (days, status, horizonDays) => {
  const database = { query: async () => [{ days }] } as unknown as Database;
  expect(await look(partitionsCheck(database))).toMatchObject({ status, details: { horizonDays } });
});

describe('telemetry', () => {
  const active = (delivered: number, failed: number, dropped = 0): TelemetryStatus => ({
    state: 'active',
    signals: { traces: { counts: { delivered, failed, dropped } }, logs: {}, metrics: {} },
  });

  it.each<[TelemetryStatus | undefined, string, string | undefined]>([
    [undefined, 'healthy', 'not_measured'],
    [{ state: 'joined' }, 'healthy', 'not_measured'],
    [{ state: 'disabled' }, 'healthy', 'switched_off'],
    [{ state: 'failed' }, 'degraded', 'not_started'],
  ])('%j', async (status, expected, reason) => {
    const found = await look(telemetryCheck(status === undefined ? undefined : () => status));
    expect([found.status, found.reason]).toEqual([expected, reason]);
  });

  it('counts what changed since the last look, and keeps what it found while nothing is sent', async () => {
    let status = active(0, 0);
    const check = telemetryCheck(() => status);
    const next = async (now: TelemetryStatus): Promise<unknown> => {
      status = now;
      const found = await look(check);
      return found.reason ?? found.status;
    };
    expect(await next(active(0, 0))).toBe('healthy');
    expect(await next(active(10, 0))).toBe('healthy');
    expect(await next(active(10, 5))).toBe('not_delivered');
    expect(await next(active(10, 5))).toBe('not_delivered');
    expect(await next(active(11, 5, 1))).toBe('losing');
    expect(await next(active(12, 5, 1))).toBe('healthy');
    expect(await next(active(12, 5, 1))).toBe('healthy');
  });
});
