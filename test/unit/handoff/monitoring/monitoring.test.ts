import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HealthReport } from '../../../../src/handoff/monitoring/health/report.js';
import { GivenMonitoring } from './givenMonitoring.js';

let given: GivenMonitoring;
beforeEach(() => {
  given = new GivenMonitoring();
});
afterEach(() => given.dispose());

describe('health', () => {
  it('has the parts of the contract and every other, each with its age', async () => {
    const health = await given.create().getSystemHealth();
    expect(health).toMatchObject({ overall: 'degraded', reason: 'pending', timestamp: new Date(given.clock.nowMs()) });
    expect(health.uptime).toBeGreaterThan(0);
    expect(Object.keys(health.components)).toEqual([
      'database',
      'redis',
      'memory',
      'event_loop',
      'archive',
      'migrations',
      'jobs',
      'sweeps',
      'partitions',
      'telemetry',
      'features',
      'system',
    ]);
    expect(health.components.database).toEqual({
      status: 'healthy',
      responseTime: 0,
      lastCheck: new Date(given.clock.nowMs()),
      ageMs: 0,
      details: { totalConnections: 3, idleConnections: 1, waitingConnections: 0, maxConnections: 10 },
    });
    expect(health.components.redis).toMatchObject({ status: 'healthy', reason: 'in_process' });
    expect(health.components.system.details).toMatchObject({ heapPercent: expect.any(Number), heapLimitBytes: expect.any(Number) });
  });

  it('tells that the database is away, and what to do', async () => {
    given.rows['handoff_is_writable'] = () => Promise.reject(new Error('connect secret'));
    const { overall, reason, advice, components } = await given.create().getSystemHealth();
    expect([overall, reason, components.database.error]).toEqual(['unhealthy', 'unreachable', 'unreachable']);
    expect(advice).toMatch(/^Check that PostgreSQL runs/u);
  });

  it('is of this moment for one part', async () => {
    given.create();
    await given.monitoring.getSystemHealth();
    given.rows['handoff_is_writable'] = async () => [{ writable: false }];
    await given.clock.advance(1000);
    expect(await given.monitoring.checkDatabaseHealth()).toMatchObject({ status: 'unhealthy', reason: 'read_only', ageMs: 0 });
    expect(await given.monitoring.checkRedisHealth()).toMatchObject({ status: 'healthy' });
  });

  it('is told to listeners as it changes', async () => {
    const told: HealthReport[] = [];
    given.create();
    await given.monitoring.healthReport();
    const stop = given.monitoring.onHealth((report) => told.push(report));
    given.monitoring.start();
    await given.clock.advance(0);
    expect(told.length).toBeGreaterThan(5);
    stop();
    const before = told.length;
    await given.clock.advance(60_000);
    expect(told.length).toBe(before);
  });

  it('is told once every part was looked at, and not before', async () => {
    const database = Promise.withResolvers<object[]>();
    given.rows['handoff_is_writable'] = () => database.promise;
    given.create();
    const told: HealthReport[] = [];
    given.monitoring.onHealth((report) => told.push(report));
    given.monitoring.start();
    await expect.poll(async () => (await given.points('handoff.health.check.duration')).length).toBeGreaterThanOrEqual(10);
    expect(told).toEqual([]);
    const overall = async (): Promise<unknown[]> =>
      (await given.points('handoff.health.state')).filter(({ attributes }) => attributes['handoff.component.name'] === 'overall');
    expect(await overall()).toEqual([]);
    database.resolve([{ writable: false }]);
    await expect.poll(() => told.map(({ status }) => status)).toEqual(['unhealthy']);
    expect(await overall()).toHaveLength(3);
  });

  it('is a metric for each part and state, and a record when it changes', async () => {
    given.create();
    // The migrations are read from files, which takes real time.
    await given.monitoring.healthReport();
    given.monitoring.start();
    await given.clock.advance(0);
    const states = await given.points('handoff.health.state');
    const of = (component: string): unknown => states.filter(({ attributes }) => attributes['handoff.component.name'] === component);
    const point = (component: string, state: string, value: number): object => ({
      attributes: { 'handoff.component.name': component, 'handoff.component.state': state },
      value,
    });
    expect(of('database')).toEqual([point('database', 'healthy', 1), point('database', 'degraded', 0), point('database', 'unhealthy', 0)]);
    expect(of('overall')).toEqual([point('overall', 'healthy', 0), point('overall', 'degraded', 1), point('overall', 'unhealthy', 0)]);
    expect((await given.points('handoff.health.check.duration')).length).toBeGreaterThan(5);
    const changed = (): unknown[] =>
      given.recording.records.map(({ level, fields }) => [level, fields['handoff.component.name'], fields['handoff.component.state']]);
    expect(changed()).toEqual([['warn', 'migrations', 'degraded']]);
    given.rows['handoff_is_writable'] = async () => [{ writable: false }];
    await given.clock.advance(40_000);
    given.rows['handoff_is_writable'] = async () => [{ writable: true }];
    await given.clock.advance(5000);
    expect(changed().slice(1)).toEqual([
      ['warn', 'database', 'unhealthy'],
      ['info', 'database', 'healthy'],
    ]);
    expect(given.recording.records[1]?.fields).toMatchObject({
      'event.name': 'handoff.health.changed',
      'handoff.component.reason': 'read_only',
    });
  });
});
