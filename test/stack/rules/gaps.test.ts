import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import { ruleFiles } from '../../../dashboards/src/rules/files.js';
import { resumedRule } from '../../../dashboards/src/rules/increased.js';
import type { RecordingRule, RuleGroup } from '../../../dashboards/src/rules/rule.js';
import { timesDividedBy } from '../../../dashboards/src/rules/times.js';
import { programs } from '../programs/programs.js';
import { proofsOf } from './cases.js';
import { neededFor, parsed } from './harness/needed.js';
import { silent } from './harness/proof.js';
import { prove, run } from './harness/promtool.js';

// A laptop that sleeps at night, or a Prometheus that is away for hours: the processes, and what they ever counted, are there again.

let promtool = '';
beforeAll(async () => {
  ({ promtool } = await programs(['promtool']));
});

const SHOP = 'job="shop",instance="shop-1"';
const AWAY = '_x480';

const { record, expr } = resumedRule(timesDividedBy(1));
const isTheRecord = (rule: object): rule is RecordingRule => 'record' in rule && rule.record === record;

describe('after eight hours in which nothing was evaluated', () => {
  test.each([
    ['DatabaseUnavailable', `db_client_connection_wait_time_seconds_count{${SHOP},error_type="ECONNREFUSED"}`],
    ['NotificationsFail', 'alertmanager_notifications_failed_total{job="alertmanager",integration="webhook"}'],
    ['CollectorSendFails', `otelcol_exporter_send_failed_spans_total{${SHOP},exporter="any"}`],
  ])('%s says nothing of what was counted before', async (alert, series) => {
    // promtool evaluates all the time, so the record of it is given.
    const [file] = neededFor(alert, parsed(ruleFiles()));
    const { groups } = parse(file?.text ?? '') as { groups: RuleGroup[] };
    const given = groups.map((group) => ({ ...group, rules: group.rules.filter((rule) => !isTheRecord(rule)) }));
    const [proof] = proofsOf(alert);
    if (file === undefined || proof === undefined) throw new Error(`${alert} has no rule or no proof.`);
    const situation = {
      name: 'the processes are the same',
      // They are back two minutes later than the rules.
      samples: { [record]: `-1x60 ${AWAY} ${String(541 * 60)}x120`, [series]: `7x60 ${AWAY} _x2 7x118` },
      at: [541, 543, 546, 549, 552, 560, 580, 602, 620, 650].map((minute) => silent(minute)),
    };
    const rules = [{ ...file, text: stringify({ groups: given }, { lineWidth: 0 }) }];
    const { passed, output } = await prove(promtool, rules, [{ ...proof, situations: [situation] }]);
    expect(passed, output).toBe(true);
  });
});

test('the record has the moment at which rules were evaluated again, and -1 before the first pause', async () => {
  const at = (minute: number, value: number): object => ({
    expr: `sum(${expr})`,
    eval_time: `${String(minute)}m`,
    exp_samples: [{ labels: '{}', value }],
  });
  const document = {
    tests: [
      { interval: '1m', input_series: [], promql_expr_test: [at(0, -1), at(90, -1)] },
      {
        interval: '1m',
        input_series: [{ series: record, values: `-1x60 ${AWAY} 32460x600` }],
        promql_expr_test: [at(100, -1), at(540, 32_400), at(541, 32_460), at(1100, 32_460)],
      },
    ],
  };
  const folder = await mkdtemp(join(tmpdir(), 'handoff-gaps-'));
  try {
    await writeFile(join(folder, 'test.yaml'), stringify(document, { lineWidth: 0 }));
    const { passed, output } = await run(promtool, ['test', 'rules', 'test.yaml'], folder);
    expect(passed, output).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
