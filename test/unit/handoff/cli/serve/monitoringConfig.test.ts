import { expect, it } from 'vitest';
import { monitoringConfig } from '../../../../../src/handoff/cli/serve/monitoringConfig.js';
import { resolveConfig } from '../../../../../src/handoff/config/resolve.js';
import type { Instrumentation } from '../../../../../src/instrumentation/handle.js';

const telemetry = (status: number, text: string): Instrumentation =>
  ({
    metricsHandler: (_request, response) => response.writeHead(status).end(text),
    status: () => ({ state: 'active', libraries: [], mcpSdks: [], notices: [] }),
  }) as Partial<Instrumentation> as Instrumentation;

const configOf = (env: Record<string, string>, from = telemetry(200, 'm 1\n')) =>
  monitoringConfig(resolveConfig({ HOME: '/home/a', ...env }).settings, from, { status: () => ({ limit: 8, running: 2, waiting: 1 }) });

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

it('collects metrics, and never what is said in their place', async () => {
  expect(await configOf({}).collectMetrics?.()).toBe('m 1\n');
  await expect(configOf({}, telemetry(503, 'off')).collectMetrics?.()).rejects.toThrow('503');
});
