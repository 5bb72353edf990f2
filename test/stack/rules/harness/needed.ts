import { parse, stringify } from 'yaml';
import type { GeneratedFile } from '../../../../dashboards/src/rules/files.js';
import type { AlertingRule, RecordingRule, RuleGroup } from '../../../../dashboards/src/rules/rule.js';

/** Rules, by file, as they are in the files. */
export type Rules = Readonly<Record<string, readonly RuleGroup[]>>;

export function parsed(files: readonly GeneratedFile[]): Rules {
  const rules = files.filter(({ path }) => path.startsWith('alerts/rules/'));
  return Object.fromEntries(rules.map(({ path, text }) => [path, (parse(text) as { groups: RuleGroup[] }).groups]));
}

/** Returns the rules of one alert, and of what it is made of: a test of few rules takes a fraction of a second. Records come first. */
export function neededFor(alert: string, rules: Rules): GeneratedFile[] {
  const all = Object.values(rules).flatMap((groups) => groups.flatMap((group) => group.rules));
  const alerting = all.filter((rule): rule is AlertingRule => 'alert' in rule && rule.alert === alert);
  const records = all.filter((rule): rule is RecordingRule => 'record' in rule);
  const wanted = new Set<RecordingRule>();
  const follow = (expr: string): void => {
    for (const record of records) {
      if (wanted.has(record) || !expr.includes(record.record)) continue;
      wanted.add(record);
      follow(record.expr);
    }
  };
  for (const { expr } of alerting) follow(expr);
  const groups: RuleGroup[] = [
    { name: 'records', interval: '30s', rules: records.filter((record) => wanted.has(record)) },
    { name: 'alert', interval: '30s', rules: alerting },
  ];
  return [{ path: 'alerts/rules/needed.yaml', text: stringify({ groups }, { lineWidth: 0 }) }];
}
