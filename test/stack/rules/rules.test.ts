import { beforeAll, describe, expect, test } from 'vitest';
import { alerts } from '../../../dashboards/src/rules/alerts.js';
import { programs } from '../programs/programs.js';
import { proofs } from './cases.js';
import { everyAlertIsProved } from './harness/everyAlert.js';
import { run } from './harness/promtool.js';

// The alerts under the promtool of the Prometheus that we run.

let promtool = '';
beforeAll(async () => {
  ({ promtool } = await programs(['promtool']));
});

describe('alerts', () => {
  everyAlertIsProved(() => promtool);
});

test('no proof is of an alert that does not exist', () => {
  const known = new Set(alerts.map(({ name }) => name));
  expect(proofs.filter(({ alert }) => !known.has(alert))).toEqual([]);
});

test('the committed rules have no fault that promtool finds, duplicates included', async () => {
  const { passed, output } = await run('sh', ['-c', `${promtool} check rules --lint=all --lint-fatal dashboards/alerts/rules/*.yaml`]);
  expect(passed, output).toBe(true);
  expect(output.match(/SUCCESS/g)).toHaveLength(12);
});

test('the configuration of Prometheus is valid', async () => {
  const { passed, output } = await run(promtool, ['check', 'config', '--syntax-only', 'otel-collector/backends/prometheus.yaml']);
  expect(passed, output).toBe(true);
});
