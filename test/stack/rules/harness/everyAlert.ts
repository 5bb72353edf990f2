import { expect, test } from 'vitest';
import { alerts } from '../../../../dashboards/src/rules/alerts.js';
import { ruleFiles } from '../../../../dashboards/src/rules/files.js';
import { proofsOf } from '../cases.js';
import { neededFor, parsed } from './needed.js';
import { prove } from './promtool.js';

/** A test for each alert: all its proofs hold under this promtool. */
export function everyAlertIsProved(promtool: () => string): void {
  const rules = parsed(ruleFiles());
  test.each(alerts.map(({ name }) => name))('%s', async (alert) => {
    const proofs = proofsOf(alert);
    expect(proofs).not.toEqual([]);
    const { passed, output } = await prove(promtool(), neededFor(alert, rules), proofs);
    expect(passed, output).toBe(true);
  });
}
