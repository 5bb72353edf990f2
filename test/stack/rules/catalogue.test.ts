import { beforeAll, describe, expect, test } from 'vitest';
import { alerts } from '../../../dashboards/src/rules/alerts.js';
import { ruleFiles } from '../../../dashboards/src/rules/files.js';
import { programs } from '../programs/programs.js';
import { rulesWith } from './catalogue/changedRules.js';
import type { Generated } from './catalogue/changedRules.js';
import type { Change } from './catalogue/change.js';
import { changesFor } from './catalogue/changes.js';
import { neededFor, parsed } from './harness/needed.js';
import type { Rules } from './harness/needed.js';
import { judge } from './harness/noticed.js';
import type { Judge } from './harness/noticed.js';

// A deliberate change of the catalogue stops the generator, or makes rules whose proofs fail: nothing of it can pass unseen.

const files = ruleFiles();
const rules = parsed(files);
const generated: [name: string, Generated][] = [];
for (const change of changesFor(files.map(({ text }) => text).join('\n'))) generated.push(await generate(change));

let isNoticed: Judge;
beforeAll(async () => {
  isNoticed = judge((await programs(['promtool'])).promtool);
});

async function generate(change: Change): Promise<[string, Generated]> {
  return [change.name, await rulesWith(change)];
}

/** The alerts of which a rule, or a record that it reads, is another than it was. */
function changedAlerts(changed: Rules): string[] {
  const text = (of: Rules, alert: string): string | undefined => neededFor(alert, of)[0]?.text;
  return alerts.map(({ name }) => name).filter((alert) => text(rules, alert) !== text(changed, alert));
}

test('rules that are generated a second time are the same', async () => {
  expect(await rulesWith({})).toEqual({ rules });
});

test('there are changes of metrics, labels and objectives', () => {
  expect(generated.length).toBeGreaterThan(60);
});

describe.concurrent('a change of the catalogue is noticed', () => {
  test.each(generated)('%s', { timeout: 120_000 }, async (_, outcome) => {
    if ('error' in outcome) {
      expect(outcome.error).toMatch(/^The catalogue has no|^No metric has the series|has no (?:label|bucket|_bucket|_count|_sum)\b/);
      return;
    }
    const changed = changedAlerts(outcome.rules);
    expect(changed).not.toEqual([]);
    for (const alert of changed) {
      if (await isNoticed(alert, outcome.rules)) return;
    }
    expect.fail(`no proof of ${changed.join(', ')} fails`);
  });
});
