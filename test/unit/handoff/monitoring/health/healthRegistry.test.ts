import { afterEach, describe, expect, it } from 'vitest';
import { DatabaseUnavailableError } from '../../../../../src/errors/databaseErrors.js';
import { degraded, healthy, unhealthy } from '../../../../../src/handoff/monitoring/health/finding.js';
import type { Finding, HealthCheck } from '../../../../../src/handoff/monitoring/health/finding.js';
import { HealthRegistry } from '../../../../../src/handoff/monitoring/health/healthRegistry.js';
import type { CheckResult } from '../../../../../src/handoff/monitoring/health/report.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';

const INTERVAL_MS = 30_000;
const RECHECK_MS = 5000;
const TIMEOUT_MS = 2000;

const clock = new FakeClock();
const results: CheckResult[] = [];
let registry: HealthRegistry | undefined;
afterEach(() => {
  registry?.stop();
  results.length = 0;
});

/** A check whose outcomes the test decides; it counts its runs. */
class Part implements HealthCheck {
  readonly name = 'database';
  readonly isCritical = true;
  readonly adviceWhenSlow = 'Look at it.';
  runs = 0;
  answer: () => Promise<Finding> = async () => healthy({ connections: 1 });

  run(): Promise<Finding> {
    this.runs += 1;
    return this.answer();
  }
}

function registryOf(...checks: HealthCheck[]): HealthRegistry {
  registry = new HealthRegistry({
    checks,
    clock,
    intervalMs: INTERVAL_MS,
    recheckMs: RECHECK_MS,
    timeoutMs: TIMEOUT_MS,
    onResult: (result) => results.push(result),
  });
  return registry;
}

it('looks at once, then by the interval, and sooner while something is wrong', async () => {
  const part = new Part();
  registryOf(part).start();
  await clock.advance(0);
  expect(part.runs).toBe(1);
  await clock.advance(INTERVAL_MS - 1);
  expect(part.runs).toBe(1);
  part.answer = async () => unhealthy('read_only', 'Use the primary.');
  await clock.advance(1);
  expect(part.runs).toBe(2);
  await clock.advance(2 * RECHECK_MS);
  expect(part.runs).toBe(4);
  part.answer = async () => healthy();
  await clock.advance(RECHECK_MS);
  await clock.advance(INTERVAL_MS - 1);
  expect(part.runs).toBe(5);
});

it('looks at once at a healthy part that calls suspect, a second after the last look at the earliest', async () => {
  const part = new Part();
  registryOf(part).start();
  await clock.advance(0);
  await clock.advance(999);
  registry?.suspect('database');
  await clock.advance(0);
  expect(part.runs).toBe(1);
  part.answer = async () => unhealthy('unreachable', 'Start it.');
  await clock.advance(1);
  registry?.suspect('database');
  await clock.advance(0);
  expect(part.runs).toBe(2);
  expect(registry?.latest().status).toBe('unhealthy');
  // From now on it is looked at by the shorter interval, whatever calls meet with.
  await clock.advance(RECHECK_MS - 1);
  registry?.suspect('database');
  await clock.advance(0);
  expect(part.runs).toBe(2);
  await clock.advance(1);
  expect(part.runs).toBe(3);
});

it('looks at nothing that is suspected before it was started or after it was stopped', async () => {
  const part = new Part();
  registryOf(part).suspect('database');
  registry?.start();
  await clock.advance(2000);
  registry?.stop();
  registry?.suspect('database');
  registry?.suspect('jobs');
  await clock.advance(0);
  expect(part.runs).toBe(1);
});

it('starts once, and stops', async () => {
  const part = new Part();
  registryOf(part).start();
  registry?.start();
  await clock.advance(0);
  registry?.stop();
  await clock.advance(10 * INTERVAL_MS);
  expect(part.runs).toBe(1);
});

it('answers from the kept results, with their age', async () => {
  const part = new Part();
  registryOf(part).start();
  await clock.advance(12_000);
  const report = await registry?.report();
  expect(report).toMatchObject({ status: 'healthy', results: [{ name: 'database', ageMs: 12_000, details: { connections: 1 } }] });
  expect(part.runs).toBe(1);
});

it('looks for the first time when it is asked, and shares that look', async () => {
  const part = new Part();
  registryOf(part);
  expect(registry?.latest()).toEqual({ intervalMs: 30_000, status: 'healthy', results: [] });
  await Promise.all([registry?.report(), registry?.report()]);
  expect(part.runs).toBe(1);
});

it('is stale when nothing was looked at for three intervals', async () => {
  registryOf(new Part());
  await registry?.report();
  await clock.advance(3 * INTERVAL_MS + 1);
  expect(registry?.latest()).toMatchObject({ status: 'degraded', reason: 'stale' });
});

it('looks again by itself only when it was started, and else when it is asked', async () => {
  const part = new Part();
  registryOf(part);
  await registry?.report();
  await clock.advance(INTERVAL_MS - 1);
  await registry?.report();
  expect(part.runs).toBe(1);
  part.answer = async () => unhealthy('read_only', 'Use the primary.');
  await clock.advance(1);
  expect((await registry?.report())?.status).toBe('unhealthy');
  await clock.advance(RECHECK_MS);
  await registry?.report();
  expect(part.runs).toBe(3);
});

it('takes a look of the last second for one part, else looks', async () => {
  const part = new Part();
  registryOf(part);
  expect(await registry?.check('database')).toMatchObject({ status: 'healthy', ageMs: 0 });
  await clock.advance(999);
  await registry?.check('database');
  expect(part.runs).toBe(1);
  await clock.advance(1);
  await registry?.check('database');
  expect(part.runs).toBe(2);
  expect(await registry?.check('redis')).toBeUndefined();
});

describe('a part that does not answer', () => {
  it('is unhealthy after the time limit', async () => {
    const part = new Part();
    part.answer = () => new Promise(() => undefined);
    registryOf(part);
    const asked = registry?.report();
    await clock.advance(TIMEOUT_MS);
    expect(await asked).toMatchObject({
      status: 'unhealthy',
      reason: 'timed_out',
      advice: 'Look at it.',
      results: [{ latencyMs: TIMEOUT_MS }],
    });
  });

  it('is asked once, however often it is looked at', async () => {
    const part = new Part();
    part.answer = () => new Promise(() => undefined);
    registryOf(part).start();
    await clock.advance(10 * INTERVAL_MS);
    expect(part.runs).toBe(1);
    const [result] = registry?.latest().results ?? [];
    expect(result).toMatchObject({ status: 'unhealthy', reason: 'timed_out' });
    expect(result?.ageMs).toBeLessThanOrEqual(RECHECK_MS);
    expect(result?.latencyMs).toBeGreaterThan(9 * INTERVAL_MS);
  });

  it('tells what it came to in the end, and is then looked at again', async () => {
    const part = new Part();
    const late = Promise.withResolvers<Finding>();
    part.answer = () => late.promise;
    registryOf(part).start();
    await clock.advance(TIMEOUT_MS + 1000);
    late.resolve(healthy({ connections: 2 }));
    await clock.advance(0);
    expect(registry?.latest()).toMatchObject({
      status: 'degraded',
      reason: 'slow',
      results: [{ latencyMs: 3000, details: { connections: 2 } }],
    });
    part.answer = async () => healthy();
    await clock.advance(RECHECK_MS);
    expect([part.runs, registry?.latest().status]).toEqual([2, 'healthy']);
  });
});

it('is degraded when it answers after more than a second', async () => {
  const part = new Part();
  part.answer = async () => {
    await clock.sleep(1001);
    return healthy();
  };
  registryOf(part);
  const asked = registry?.report();
  await clock.advance(1001);
  expect(await asked).toMatchObject({ status: 'degraded', reason: 'slow', advice: 'Look at it.' });
});

it('keeps a check that fails as a finding, by class and without its text', async () => {
  const part = new Part();
  part.answer = () => Promise.reject(new RangeError('secret'));
  registryOf(part);
  const report = await registry?.report();
  expect(report).toMatchObject({ status: 'unhealthy', reason: 'failed', results: [{ errorType: 'RangeError' }] });
  expect(JSON.stringify(report)).not.toContain('secret');
});

it('does not call a part unhealthy because it could not be read from the database', async () => {
  const part = new Part();
  part.answer = () => Promise.reject(new DatabaseUnavailableError('no', { reasonCode: 'ECONNREFUSED', attempts: 1, waitedMs: 1 }));
  registryOf(part);
  expect(await registry?.report()).toMatchObject({ status: 'degraded', reason: 'unreachable', advice: 'Look at it.' });
});

it('tells every result', async () => {
  registryOf(new Part()).start();
  await clock.advance(INTERVAL_MS);
  expect(results.map(({ name, status }) => [name, status])).toEqual([
    ['database', 'healthy'],
    ['database', 'healthy'],
  ]);
});

it('leaves out what was not measured', () => {
  expect(degraded('slow', 'Wait.', { a: 1, b: undefined, c: Number.NaN, d: Infinity, e: false }).details).toEqual({ a: 1, e: false });
});
