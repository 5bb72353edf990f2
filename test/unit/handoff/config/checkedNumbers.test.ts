import { expect, it } from 'vitest';
import { checkedNumbers } from '../../../../src/handoff/config/checkedNumbers.js';
import { serviceLimits } from '../../../../src/handoff/config/serviceLimits.js';
import { LiveConfig } from '../../../../src/handoff/monitoring/monitoringConfig.js';
import type { MonitoringConfig } from '../../../../src/handoff/monitoring/monitoringConfig.js';
import { createHandoffServices } from '../../../../src/handoff/services.js';
import type { HandoffServicesOptions } from '../../../../src/handoff/services.js';
import type { Cache } from '../../../../src/handoff/storage/cache.js';
import type { Database } from '../../../../src/handoff/storage/database.js';

it.each([
  ['healthCheckInterval', 30],
  ['healthCheckInterval', -5],
  ['healthCheckInterval', '30000'],
  ['metricsCollectionInterval', NaN],
  ['metricsCollectionInterval', Infinity],
  ['metricsCollectionInterval', null],
  ['healthCheckTimeout', 0],
  ['alertHoldMs', -1],
  ['alertClearPercent', 900],
  ['memoryCollectionInterval', NaN],
])('monitoring refuses %s: %s, and then changes nothing', (key, wrong) => {
  const config = { [key]: wrong } as MonitoringConfig;
  const message = new RegExp(`^monitoring\\.${key} must be a number of (milliseconds|percent) from \\d`, 'u');
  expect(() => new LiveConfig(config)).toThrow(message);
  const live = new LiveConfig({ healthCheckInterval: 2000 });
  expect(() => live.change({ healthCheckInterval: 5000, ...config })).toThrow(message);
  expect(live.healthIntervalMs).toBe(2000);
});

it.each([
  ['responseTime', NaN],
  ['errorRate', -3],
  ['memoryUsage', '80'],
  ['diskUsage', 101],
])('monitoring refuses the threshold %s: %s', (key, wrong) => {
  const alertThresholds = { [key]: wrong };
  expect(() => new LiveConfig({ alertThresholds })).toThrow(`monitoring.alertThresholds.${key} must be a number of`);
});

it('monitoring takes what is allowed, and nothing at all', () => {
  expect(new LiveConfig({}).metricsIntervalMs).toBe(60_000);
  const live = new LiveConfig({ healthCheckInterval: 1000, alertThresholds: { responseTime: 0.5, errorRate: 0 }, alertHoldMs: 0 });
  expect(live.change({ metricsCollectionInterval: 1500, alertThresholds: { errorRate: 2.5 } })).toEqual({ health: false, metrics: true });
});

it.each([
  ['sessionTtlHours', NaN],
  ['sessionTtlHours', -1],
  ['sessionTtlHours', '24'],
  ['handoffTimeoutHours', 0],
  ['storageLimitBytes', -1],
  ['maxPackageBytes', NaN],
  ['maxPageBytes', 0],
])('services refuse %s: %s', (key, wrong) => {
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const options: HandoffServicesOptions = { database: {} as Database, cache: {} as Cache, log };
  expect(() => createHandoffServices({ ...options, [key]: wrong })).toThrow(
    expect.objectContaining({ code: 'HANDOFF_INVALID_ARGUMENT', data: expect.objectContaining({ argument: key }) }),
  );
});

it('a package of no bytes is one without entries, and is allowed', () => {
  expect(checkedNumbers({ maxPackageBytes: 0, maxPageBytes: 1 }, serviceLimits.sessions)).toEqual({ maxPackageBytes: 0, maxPageBytes: 1 });
});
