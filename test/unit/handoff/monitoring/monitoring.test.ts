import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import { createMonitoring } from '../../../../src/handoff/monitoring/monitoring.js';
import type { Monitoring } from '../../../../src/handoff/monitoring/monitoring.js';
import type { MonitoringConfig } from '../../../../src/handoff/monitoring/monitoringConfig.js';
import { Recorder } from '../../../../src/handoff/monitoring/measurements/recorder.js';
import { Degradations } from '../../../../src/handoff/resilience/degradations.js';
import type { Cache } from '../../../../src/handoff/storage/cache.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import type { HealthReport } from '../../../../src/handoff/monitoring/health/report.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import { Recording } from '../../telemetry/recording.js';

let recording: Recording;
let clock: FakeClock;
let monitoring: Monitoring;
/** What the database answers, by statement. */
let rows: Record<string, () => Promise<object[]>>;
let cache: Cache;
let recorder: Recorder;
let degradations: Degradations;

function create(config: MonitoringConfig = {}): Monitoring {
  monitoring = createMonitoring({
    database: {
      kind: 'postgres',
      pool: { totalCount: 3, idleCount: 1, waitingCount: 0, options: { max: 10 } },
      query: ({ name }: { name: string }) => rows[name]?.() ?? Promise.reject(new Error(`${name} is not expected`)),
    } as unknown as Database,
    cache,
    archive: undefined,
    jobs: { health: async () => ({ jobs: [] }) },
    readLag: async () => ({ expire: 0, dormant: 0 }),
    degradations,
    isDatabaseLeftAlone: () => false,
    log: recording.log,
    meter: recording.meter,
    clock,
    recorder,
    loadCockatiel: () => import('cockatiel'),
    config,
  });
  return monitoring;
}

beforeEach(() => {
  recording = new Recording();
  clock = new FakeClock();
  degradations = new Degradations(clock);
  recorder = new Recorder(() => clock.monotonicMs());
  cache = { kind: 'memory' } as Cache;
  rows = {
    handoff_is_writable: async () => [{ writable: true }],
    handoff_migrations_present: async () => [{ present: false, encoding: 'UTF8' }],
    handoff_partition_horizon: async () => [{ days: 80 }],
    handoff_count_sessions: async () => [{ live: 5, dormant: 2, archived: 1_000_001 }],
  };
});
afterEach(async () => {
  await monitoring.stop();
  await recording.dispose();
});

describe('health', () => {
  it('has the parts of the contract and every other, each with its age', async () => {
    const health = await create().getSystemHealth();
    expect(health).toMatchObject({ overall: 'degraded', reason: 'pending', timestamp: new Date(clock.nowMs()) });
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
      lastCheck: new Date(clock.nowMs()),
      ageMs: 0,
      details: { totalConnections: 3, idleConnections: 1, waitingConnections: 0, maxConnections: 10 },
    });
    expect(health.components.redis).toMatchObject({ status: 'healthy', reason: 'in_process' });
    expect(health.components.system.details).toMatchObject({ heapPercent: expect.any(Number), heapLimitBytes: expect.any(Number) });
  });

  it('tells that the database is away, and what to do', async () => {
    rows['handoff_is_writable'] = () => Promise.reject(new Error('connect secret'));
    const { overall, reason, advice, components } = await create().getSystemHealth();
    expect([overall, reason, components.database.error]).toEqual(['unhealthy', 'unreachable', 'unreachable']);
    expect(advice).toMatch(/^Check that PostgreSQL runs/u);
  });

  it('is of this moment for one part', async () => {
    create();
    await monitoring.getSystemHealth();
    rows['handoff_is_writable'] = async () => [{ writable: false }];
    await clock.advance(1000);
    expect(await monitoring.checkDatabaseHealth()).toMatchObject({ status: 'unhealthy', reason: 'read_only', ageMs: 0 });
    expect(await monitoring.checkRedisHealth()).toMatchObject({ status: 'healthy' });
  });

  it('is told to listeners as it changes', async () => {
    const told: HealthReport[] = [];
    create();
    const stop = monitoring.onHealth((report) => told.push(report));
    monitoring.start();
    await clock.advance(0);
    expect(told.length).toBeGreaterThan(5);
    stop();
    const before = told.length;
    await clock.advance(60_000);
    expect(told.length).toBe(before);
  });

  it('is a metric for each part and state, and a record when it changes', async () => {
    create();
    // The migrations are read from files, which takes real time.
    await monitoring.healthReport();
    monitoring.start();
    await clock.advance(0);
    const states = await points('handoff.health.state');
    const of = (component: string): unknown => states.filter(({ attributes }) => attributes['handoff.component.name'] === component);
    const point = (component: string, state: string, value: number): object => ({
      attributes: { 'handoff.component.name': component, 'handoff.component.state': state },
      value,
    });
    expect(of('database')).toEqual([point('database', 'healthy', 1), point('database', 'degraded', 0), point('database', 'unhealthy', 0)]);
    expect(of('overall')).toEqual([point('overall', 'healthy', 0), point('overall', 'degraded', 1), point('overall', 'unhealthy', 0)]);
    expect((await points('handoff.health.check.duration')).length).toBeGreaterThan(5);
    const changed = (): unknown[] =>
      recording.records.map(({ level, fields }) => [level, fields['handoff.component.name'], fields['handoff.component.state']]);
    expect(changed()).toEqual([['warn', 'migrations', 'degraded']]);
    rows['handoff_is_writable'] = async () => [{ writable: false }];
    await clock.advance(40_000);
    rows['handoff_is_writable'] = async () => [{ writable: true }];
    await clock.advance(5000);
    expect(changed().slice(1)).toEqual([
      ['warn', 'database', 'unhealthy'],
      ['info', 'database', 'healthy'],
    ]);
    expect(recording.records[1]?.fields).toMatchObject({ 'event.name': 'handoff.health.changed', 'handoff.health.reason': 'read_only' });
  });
});

describe('what a host records', () => {
  it('is in the metrics that our own code records, a failure as a failure', async () => {
    create();
    monitoring.recordToolCall('search', 250, true);
    monitoring.recordToolCall('search', 250, false);
    monitoring.recordToolCall('free text of a caller', 1, true);
    const calls = await points('mcp.server.operation.duration');
    const base = { 'mcp.method.name': 'tools/call', 'gen_ai.operation.name': 'execute_tool' };
    expect(calls.map(({ attributes }) => attributes)).toEqual([
      { ...base, 'gen_ai.tool.name': 'search' },
      { ...base, 'gen_ai.tool.name': 'search', 'error.type': 'tool_error' },
      { ...base, 'gen_ai.tool.name': '_OTHER' },
    ]);
    expect(calls[0]?.value).toMatchObject({ count: 1, sum: 0.25 });
  });

  it('has no ids, agents or free text', async () => {
    create();
    const handoff = { sessionId: 's', agentFrom: 'a', agentTo: 'b', duration: 10 };
    monitoring.recordHandoffMetrics('s', { ...handoff, success: true });
    monitoring.recordHandoffMetrics('s', { ...handoff, success: false, errorType: 'TimeoutError' });
    monitoring.recordHandoffMetrics('s', { ...handoff, success: false, errorType: 'free text' });
    monitoring.recordPerformanceMetrics('handoff.context.append', { duration: 1, success: true });
    monitoring.recordPerformanceMetrics('their_own', { duration: 1, success: false });
    expect((await points('handoff.operation.duration')).map(({ attributes }) => attributes)).toEqual([
      { 'handoff.operation.name': 'handoff.session.handoff' },
      { 'handoff.operation.name': 'handoff.session.handoff', 'error.type': 'TimeoutError' },
      { 'handoff.operation.name': 'handoff.session.handoff', 'error.type': '_OTHER' },
      { 'handoff.operation.name': 'handoff.context.append' },
      { 'handoff.operation.name': '_OTHER', 'error.type': '_OTHER' },
    ]);
    expect(await points('handoff.request.outcomes')).toEqual([{ attributes: { 'handoff.request.outcome': 'delivered' }, value: 1 }]);
  });

  it('is bounded, and nothing where it is no duration', async () => {
    create();
    for (const wrong of [-1, Number.NaN, Infinity]) monitoring.recordToolCall('search', wrong, true);
    expect(await points('mcp.server.operation.duration')).toEqual([]);
    for (let at = 0; at < 300; at += 1) monitoring.recordToolCall(`tool_${at}`, 1, true);
    expect((await points('mcp.server.operation.duration')).length).toBe(201);
  });
});

describe('snapshots', () => {
  it('of metrics say how old they are, and outlive a failed collection', async () => {
    let collected = 0;
    create({
      metricsCollectionInterval: 60_000,
      collectMetrics: async () => {
        collected += 1;
        if (collected === 2) throw new Error('no');
        return `m ${collected}\n`;
      },
    });
    expect(monitoring.getPrometheusMetrics()).toBe('# No metrics have been collected yet.\n');
    monitoring.start();
    await clock.advance(1500);
    expect(monitoring.getPrometheusMetrics()).toBe('# Collected 1500 ms ago.\nm 1\n');
    await clock.advance(60_000);
    expect(monitoring.getPrometheusMetrics()).toBe('# Collected 61500 ms ago.\nm 1\n');
    await clock.advance(60_000);
    expect(monitoring.getPrometheusMetrics()).toBe('# Collected 1500 ms ago.\nm 3\n');
  });

  it('of the system have what was measured, and nothing in place of what was not', async () => {
    create();
    expect(monitoring.getSystemMetrics()).toMatchObject({ ageMs: 0, cpu: {}, sessions: {}, redis: {}, disk: {}, eventLoop: {} });
    monitoring.start();
    await clock.advance(2000);
    const { ageMs, cpu, sessions, database, memory } = monitoring.getSystemMetrics();
    expect([ageMs, sessions, database]).toEqual([2000, { active: 3, dormant: 2 }, { activeConnections: 2 }]);
    expect(cpu.usage).toBeGreaterThanOrEqual(0);
    expect(memory.percentage).toBeCloseTo((100 * memory.used) / memory.total);
    rows['handoff_count_sessions'] = () => Promise.reject(new Error('away'));
    await clock.advance(60_000);
    expect(monitoring.getSystemMetrics().sessions).toEqual({});
  });

  it('say whether Redis is connected, where there is one', async () => {
    cache = { kind: 'redis', probe: () => Promise.reject(new Error('away')) } as unknown as Cache;
    create();
    await monitoring.getSystemHealth();
    expect(monitoring.getSystemMetrics().redis).toEqual({ connected: false });
  });
});

async function points(name: string): Promise<{ attributes: Record<string, unknown>; value: unknown }[]> {
  const found = (await recording.metrics()).find(({ descriptor }: MetricData) => descriptor.name === name);
  return (found?.dataPoints ?? []).map(({ attributes, value }) => ({ attributes, value }));
}
