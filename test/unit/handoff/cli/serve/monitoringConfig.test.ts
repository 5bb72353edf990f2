import { expect, it } from 'vitest';
import { monitoringConfig } from '../../../../../src/handoff/cli/serve/monitoringConfig.js';
import { resolveConfig } from '../../../../../src/handoff/config/resolve.js';
import type { Instrumentation } from '../../../../../src/instrumentation/handle.js';

const telemetry = {
  status: () => ({ state: 'active', libraries: [], mcpSdks: [], notices: [] }),
} as Partial<Instrumentation> as Instrumentation;

const configOf = (env: Record<string, string>) =>
  monitoringConfig(resolveConfig({ HOME: '/home/a', ...env }).settings, telemetry, {
    status: () => ({ limit: 8, running: 2, waiting: 1 }),
  });

it('has the intervals of the settings', () => {
  const { healthCheckInterval, metricsCollectionInterval } = configOf({ HANDOFF_HEALTH_CHECK_INTERVAL_MS: '2000' });
  expect([healthCheckInterval, metricsCollectionInterval]).toEqual([2000, 60_000]);
});

it.each([
  [{ HANDOFF_DATA_DIR: '/data' }, '/data'],
  [{ DATABASE_URL: 'postgres://h/d', HANDOFF_DATA_DIR: '/data' }, undefined],
  [{ DATABASE_URL: 'postgres://h/d', HANDOFF_ARCHIVE_DIR: '/archive' }, '/archive'],
])('watches the disk that the server writes to with %j', (env, folder) => {
  expect(configOf(env).dataFolder).toBe(folder);
});

it('collects no metrics by itself: each collection ends what the next scrape would tell', () => {
  expect(configOf({})).not.toHaveProperty('collectMetrics');
});
