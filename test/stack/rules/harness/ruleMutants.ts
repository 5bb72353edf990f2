import type { AlertingRule, RecordingRule, RuleGroup } from '../../../../dashboards/src/rules/rule.js';
import { ALWAYS } from './equivalent.js';
import { mutants } from './mutants.js';
import type { Rules } from './needed.js';

type Rule = AlertingRule | RecordingRule;

/** All rules with one of them changed, and the alerts that have to notice. */
export interface RuleMutant {
  readonly change: string;
  readonly alert: string;
  readonly rules: Rules;
}

/** Every mutant of the rules of an alert: their expressions, and how long they wait and are kept. */
export function mutantsOf(alert: string, rules: Rules): RuleMutant[] {
  return rulesOf(rules)
    .filter((rule): rule is AlertingRule => 'alert' in rule && rule.alert === alert)
    .flatMap((rule) => changed(rule).map(([change, mutant]) => ({ change, alert, rules: replaced(rules, rule, mutant) })));
}

function changed(rule: AlertingRule): [change: string, mutant: AlertingRule][] {
  const { for: wait, keep_firing_for: keep, ...rest } = rule;
  const exprs = mutants(rule.expr).map(({ change, expr }): [string, AlertingRule] => [change, { ...rule, expr }]);
  const waits: [string, AlertingRule][] =
    wait === undefined
      ? [['for: 5m added', { ...rule, for: '5m' }]]
      : [
          ['for removed', { ...rest, ...(keep === undefined ? {} : { keep_firing_for: keep }) }],
          ['for doubled', { ...rule, for: doubled(wait) }],
        ];
  const words: [string, AlertingRule][] = [
    ['severity changed', { ...rule, labels: { ...rule.labels, severity: 'other' } }],
    ['summary changed', { ...rule, annotations: { ...rule.annotations, summary: 'other' } }],
  ];
  return [...exprs, ...waits, ...keptFor(rule), ...words];
}

function keptFor(rule: AlertingRule): [change: string, mutant: AlertingRule][] {
  const { keep_firing_for: keep, ...rest } = rule;
  if (rule.expr === ALWAYS) return [];
  if (keep === undefined) return [['keep_firing_for: 30m added', { ...rule, keep_firing_for: '30m' }]];
  return [
    ['keep_firing_for removed', rest],
    ['keep_firing_for doubled', { ...rule, keep_firing_for: doubled(keep) }],
  ];
}

/** Every mutant of a record that the alert is made of. */
export function mutantsOfRecord(record: string, alert: string, rules: Rules): RuleMutant[] {
  return rulesOf(rules)
    .filter((rule): rule is RecordingRule => 'record' in rule && rule.record === record)
    .flatMap((rule) =>
      mutants(rule.expr).map(({ change, expr }) => ({
        change: `${record}: ${change}`,
        alert,
        rules: replaced(rules, rule, { ...rule, expr }),
      })),
    );
}

const rulesOf = (rules: Rules): Rule[] =>
  Object.values(rules)
    .flat()
    .flatMap((group: RuleGroup) => group.rules);

function replaced(rules: Rules, old: Rule, mutant: Rule): Rules {
  const groups = (list: readonly RuleGroup[]): RuleGroup[] =>
    list.map((group) => ({ ...group, rules: group.rules.map((rule) => (rule === old ? mutant : rule)) }));
  return Object.fromEntries(Object.entries(rules).map(([path, list]) => [path, groups(list)]));
}

function doubled(duration: string): string {
  const [, count = '', unit = ''] = /^(\d+)(\w+)$/.exec(duration) ?? [];
  return `${String(Number(count) * 2)}${unit}`;
}
