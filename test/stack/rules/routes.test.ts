import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertmanagerText } from '../../../dashboards/src/rules/alertmanager.js';
import { debianProgram } from '../programs/debian.js';
import { programs } from '../programs/programs.js';
import { run } from './harness/promtool.js';

// Who is told of what, under two versions of Alertmanager.

const COMMITTED = 'dashboards/alerts/alertmanager.yaml';
let folder = '';
let inline = '';
let amtool = '';
let oldAmtool = '';

beforeAll(async () => {
  ({ amtool } = await programs(['amtool']));
  oldAmtool = await debianProgram('prometheus-alertmanager', 'amtool');
  folder = await mkdtemp(join(tmpdir(), 'handoff-routes-'));
  inline = join(folder, 'alertmanager.yaml');
  const urls = { page: 'http://127.0.0.1:1/page', ticket: 'http://127.0.0.1:1/ticket', 'dead-mans-switch': 'http://127.0.0.1:1/dead' };
  await writeFile(inline, alertmanagerText({ urls }));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the configuration is valid', () => {
  test('as committed, with the addresses in files', async () => {
    const { passed, output } = await run(amtool, ['check-config', COMMITTED]);
    expect(passed, output).toBe(true);
    expect(output).toContain('4 receivers');
  });
  test.each([
    ['Alertmanager', () => amtool],
    ['Alertmanager 0.25', () => oldAmtool],
  ])('with the addresses in it: %s', async (_, program) => {
    const { passed, output } = await run(program(), ['check-config', inline]);
    expect(passed, output).toBe(true);
  });
});

describe.each([
  ['Alertmanager', () => amtool],
  ['Alertmanager 0.25', () => oldAmtool],
])('%s tells', (_, program) => {
  test.each([
    ['page', ['alertname=CollectorDown', 'severity=page']],
    ['page', ['alertname=ToolCallAvailabilityBurnsFast', 'severity=page', 'job=shop']],
    ['ticket', ['alertname=ToolErrorBurst', 'severity=ticket']],
    ['nobody', ['alertname=MetricsTranslationWarns', 'severity=info']],
    ['dead-mans-switch', ['alertname=Watchdog', 'severity=none']],
    ['ticket', ['alertname=SomebodyElses']],
    ['ticket', ['alertname=SomebodyElses', 'severity=critical']],
  ])('%s of %j', async (receiver, labels) => {
    const args = ['config', 'routes', 'test', `--config.file=${inline}`, `--verify.receivers=${receiver}`, ...labels];
    const { passed, output } = await run(program(), args);
    expect(passed, output).toBe(true);
    // Version 0.25 warns after that.
    expect(output.split('\n')[0]).toBe(receiver);
  });

  test('and amtool notices a wrong receiver', async () => {
    const args = ['config', 'routes', 'test', `--config.file=${inline}`, '--verify.receivers=ticket', 'severity=page'];
    expect((await run(program(), args)).passed).toBe(false);
  });
});
