import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Cache } from '../../../../src/handoff/storage/cache.js';
import { GivenMonitoring } from './givenMonitoring.js';

let given: GivenMonitoring;
beforeEach(() => {
  given = new GivenMonitoring();
});
afterEach(() => given.dispose());

describe('snapshots', () => {
  it('of metrics say how old they are, and outlive a failed collection', async () => {
    let collected = 0;
    given.create({
      metricsCollectionInterval: 60_000,
      collectMetrics: async () => {
        collected += 1;
        if (collected === 2) throw new Error('no');
        return `m ${collected}\n`;
      },
    });
    expect(given.monitoring.getPrometheusMetrics()).toBe('# No metrics have been collected yet.\n');
    given.monitoring.start();
    await given.clock.advance(1500);
    expect(given.monitoring.getPrometheusMetrics()).toBe('# Collected 1500 ms ago.\nm 1\n');
    await expect.poll(() => given.batches.length).toBe(1);
    await given.clock.advance(60_000);
    expect(given.monitoring.getPrometheusMetrics()).toBe('# Collected 61500 ms ago.\nm 1\n');
    await given.clock.advance(60_000);
    expect(given.monitoring.getPrometheusMetrics()).toBe('# Collected 1500 ms ago.\nm 3\n');
  });

  it('of the system have what was measured, and nothing in place of what was not', async () => {
    given.create();
    expect(given.monitoring.getSystemMetrics()).toMatchObject({ ageMs: 0, cpu: {}, sessions: {}, redis: {}, disk: {}, eventLoop: {} });
    given.monitoring.start();
    await given.clock.advance(2000);
    const { ageMs, cpu, sessions, database, memory } = given.monitoring.getSystemMetrics();
    expect([ageMs, sessions, database]).toEqual([2000, { active: 3, dormant: 2 }, { activeConnections: 2, waitingCalls: 0 }]);
    expect(cpu.usage).toBeGreaterThanOrEqual(0);
    expect(memory.percentage).toBeCloseTo((100 * memory.used) / memory.total);
    given.rows['handoff_count_sessions'] = () => Promise.reject(new Error('away'));
    await given.clock.advance(60_000);
    expect(given.monitoring.getSystemMetrics().sessions).toEqual({});
  });

  it('are taken and written while the sessions cannot be counted', async () => {
    given.rows['handoff_count_sessions'] = () => new Promise(() => undefined);
    given.create();
    given.monitoring.start();
    for (let minute = 0; minute < 3; minute += 1) await given.clock.advance(60_000);
    await given.clock.advance(10_000);
    expect(given.monitoring.getSystemMetrics()).toMatchObject({ ageMs: 10_000, sessions: {} });
    await expect.poll(() => given.batches.length).toBeGreaterThanOrEqual(2);
    expect(given.written('metrics').filter(({ name }) => name === 'sessions')).toEqual([]);
  });

  it('are taken again after the process could not be measured once, which ends nothing', async () => {
    given.create();
    given.monitoring.start();
    await given.clock.advance(0);
    const cpu = vi.spyOn(process, 'cpuUsage').mockImplementationOnce(() => {
      throw Object.assign(new Error('too many open files'), { code: 'EMFILE' });
    });
    await given.clock.advance(60_000);
    expect(given.recording.records.map(({ fields }) => fields)).toContainEqual({
      'event.name': 'handoff.measurements.failed',
      'error.type': 'EMFILE',
    });
    cpu.mockRestore();
    await given.clock.advance(60_000);
    expect(given.monitoring.getSystemMetrics().ageMs).toBe(0);
  });

  it('are taken while the database takes no measurements', async () => {
    given.rows['handoff_write_measurements'] = () => new Promise(() => undefined);
    given.create();
    given.monitoring.start();
    await expect.poll(() => given.batches.length).toBe(1);
    for (let minute = 0; minute < 3; minute += 1) await given.clock.advance(60_000);
    expect(given.monitoring.getSystemMetrics()).toMatchObject({ ageMs: 0, sessions: { active: 3 } });
  });

  it('that are written at the end are of that moment', async () => {
    given.create();
    given.monitoring.start();
    await expect.poll(() => given.written('metrics').length).toBeGreaterThan(0);
    given.pool.idleCount = 0;
    await given.clock.advance(30_000);
    await given.monitoring.stop();
    const used = given.written('metrics').filter(({ name }) => name === 'database_connections_used');
    expect(used.map(({ value }) => value)).toEqual([2, 3]);
    expect(given.written('metrics').filter(({ name }) => name === 'sessions')).toHaveLength(2);
  });

  it('say whether Redis is connected, where there is one', async () => {
    given.cache = { kind: 'redis', probe: () => Promise.reject(new Error('away')) } as unknown as Cache;
    given.create();
    await given.monitoring.getSystemHealth();
    expect(given.monitoring.getSystemMetrics().redis).toEqual({ connected: false });
  });

  it('say what Redis holds, and that one without memory for writes is connected', async () => {
    const probe = vi.fn(async () => ({ isReplica: false, keyCount: 94, memoryBytes: 3_870_712 }));
    given.cache = { kind: 'redis', probe } as unknown as Cache;
    given.create();
    given.monitoring.start();
    await given.clock.advance(2000);
    await expect.poll(() => given.written('metrics').length).toBeGreaterThan(0);
    expect(given.monitoring.getSystemMetrics().redis).toEqual({ connected: true, memoryUsage: 3_870_712, keyCount: 94 });
    await given.clock.advance(60_000);
    const keys = (): unknown => given.written('metrics').find(({ name }) => name === 'redis_keys')?.['value'];
    await expect.poll(keys).toBe(94);
    expect(given.written('metrics')).toContainEqual(expect.objectContaining({ name: 'redis_memory_used_bytes', value: 3_870_712 }));
    probe.mockRejectedValue(new Error("OOM command not allowed when used memory > 'maxmemory'."));
    await given.clock.advance(60_000);
    expect(given.monitoring.getSystemMetrics().redis).toEqual({ connected: true });
  });
});
