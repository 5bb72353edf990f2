import { describe, expect, it } from 'vitest';
import type { JobsHealth } from '../../../../../src/handoff/jobs/jobsHealth.js';
import { featuresCheck } from '../../../../../src/handoff/monitoring/health/checks/features.js';
import { jobsCheck } from '../../../../../src/handoff/monitoring/health/checks/jobs.js';
import { migrationsCheck } from '../../../../../src/handoff/monitoring/health/checks/migrations.js';
import { partitionsCheck } from '../../../../../src/handoff/monitoring/health/checks/partitions.js';
import { sweepsCheck } from '../../../../../src/handoff/monitoring/health/checks/sweeps.js';
import { telemetryCheck } from '../../../../../src/handoff/monitoring/health/checks/telemetry.js';
import type { TelemetryStatus } from '../../../../../src/handoff/monitoring/health/checks/telemetry.js';
import { Degradations } from '../../../../../src/handoff/resilience/degradations.js';
import type { Database } from '../../../../../src/handoff/storage/database.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';
import { look } from './look.js';

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
    const found = await look(jobsCheck(async () => state, new FakeClock()));
    expect([found.status, found.reason]).toEqual([status, reason]);
  });
});

describe('a job that nobody has ever run', () => {
  const HOUR_MS = 3_600_000;
  const state = (enabled: boolean): JobsHealth =>
    ({ jobs: [{ config: { name: 'job', intervalMs: HOUR_MS, enabled }, stats: {}, sinceLastRunMs: undefined }] }) as unknown as JobsHealth;

  it('is overdue from when it was first seen', async () => {
    const clock = new FakeClock();
    let enabled = true;
    const check = jobsCheck(async () => state(enabled), clock);
    expect(await look(check)).toMatchObject({ status: 'healthy' });
    await clock.advance(4 * HOUR_MS + 300_000);
    expect(await look(check)).toMatchObject({ status: 'healthy' });
    await clock.advance(1);
    expect(await look(check)).toMatchObject({ status: 'degraded', reason: 'overdue' });
    // Who switches a job on again gives it the time anew.
    enabled = false;
    expect(await look(check)).toMatchObject({ status: 'healthy' });
    enabled = true;
    expect(await look(check)).toMatchObject({ status: 'healthy' });
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
  [null, 'degraded', undefined],
])('partitions for %s days are %s', async (days, status, horizonDays) => {
  const database = { query: async () => [{ days }] } as unknown as Database;
  const found = await look(partitionsCheck(database, new FakeClock()));
  expect(found).toMatchObject({ status, details: horizonDays === undefined ? {} : { horizonDays } });
  if (days === null) expect(found.details).toEqual({});
});

it('the partitions of a new database are missed only when nobody has made them for a minute', async () => {
  const clock = new FakeClock();
  const check = partitionsCheck({ query: async () => [{ days: null, is_new: true }] } as unknown as Database, clock);
  const first = await look(check);
  expect([first.status, first.reason]).toEqual(['healthy', 'not_measured']);
  await clock.advance(60_000);
  const later = await look(check);
  expect([later.status, later.reason]).toEqual(['degraded', 'short_horizon']);
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

it('features that are off are named until they work again', async () => {
  const degradations = new Degradations(new FakeClock());
  const check = featuresCheck(() => degradations.list());
  expect(await look(check)).toEqual({ status: 'healthy', details: {} });
  degradations.degrade('cache', 'breaker', 'circuit_open');
  degradations.degrade('jobs', 'queue', 'failed');
  const found = await look(check);
  expect(found).toMatchObject({ status: 'degraded', reason: 'left_out', details: { cacheOff: true, jobsOff: true } });
  expect(found.advice).toContain('Nothing expires and nothing is archived until jobs run again.');
  degradations.restore('cache', 'breaker');
  degradations.restore('jobs', 'queue');
  expect(await look(check)).toEqual({ status: 'healthy', details: {} });
});
