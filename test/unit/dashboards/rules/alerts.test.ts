import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { boards } from '../../../../dashboards/src/boardList.js';
import { knownSeries } from '../../../../dashboards/src/names/known.js';
import { alerts } from '../../../../dashboards/src/rules/alerts.js';
import { alertStem } from '../../../../dashboards/src/rules/alerts/serviceLevels.js';
import { ruleFiles } from '../../../../dashboards/src/rules/files.js';
import { ruleGroups } from '../../../../dashboards/src/rules/groups.js';
import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';

const rules = Object.values(ruleGroups())
  .flat()
  .flatMap((group) => group.rules);
const alerting = rules.flatMap((rule) => ('alert' in rule ? [rule] : []));
const records = new Set(rules.flatMap((rule) => ('record' in rule ? [rule.record] : [])));

describe('the committed files', () => {
  it.each(ruleFiles().map(({ path, text }) => [path, text]))('%s is what its sources give: `npm run dashboards`', (path, text) => {
    expect(readFileSync(`dashboards/${path}`, 'utf8')).toBe(text);
  });
  it('have a page for each alert, and no other', () => {
    expect(readdirSync('dashboards/runbooks').toSorted()).toEqual(alerts.map(({ name }) => `${name}.md`).toSorted());
  });
});

describe('every alert', () => {
  it('has a name of its own', () => {
    expect(new Set(alerts.map(({ name }) => name)).size).toBe(alerts.length);
  });
  it.each(alerting.map((rule) => [rule.alert, rule] as const))('%s has what an operator needs', (name, { annotations, labels }) => {
    expect(Object.keys(annotations).toSorted()).toEqual(['dashboard_url', 'description', 'runbook_url', 'summary']);
    expect(['page', 'ticket', 'info', 'none']).toContain(labels['severity']);
    const uid = /\/d\/([\w-]+)\?/.exec(annotations['dashboard_url'] ?? '')?.[1];
    expect(Object.values(boards).map((board) => board.uid as string)).toContain(uid);
    const page = /([^/]+)\/([^/]+\.md)$/.exec(annotations['runbook_url'] ?? '')?.slice(1);
    expect(page).toEqual(['runbooks', `${name}.md`]);
    expect(existsSync(`dashboards/runbooks/${name}.md`)).toBe(true);
  });
  it.each(alerts.filter(({ severity, name }) => severity !== 'none' && name !== 'ServiceTelemetryAbsent' && name !== 'CollectorDown'))(
    '$name says its value',
    ({ name, summary, description }) => {
      // What is down has no value.
      if (name === 'TargetDown' || name === 'ErrorBudgetSpent' || name === 'CardinalityOverflow')
        expect(`${summary}${description}`).toContain('{{ $labels.');
      else expect(summary).toContain('{{ $value');
    },
  );
});

describe('every objective', () => {
  it.each(Object.values(objectives))('$id has a page, a ticket and a share for each window', (objective) => {
    const names = alerts.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([`${alertStem(objective)}BurnsFast`, `${alertStem(objective)}BurnsSlowly`]));
    const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d', '30d'];
    expect([...records]).toEqual(expect.arrayContaining(windows.map((window) => `job:${objective.id}_bad_events:ratio${window}`)));
    expect(records).toContain(`job:${objective.id}_budget_left:ratio30d`);
  });
});

describe('every expression', () => {
  it.each(rules.map((rule) => ['alert' in rule ? rule.alert : rule.record, rule.expr]))(
    'of %s parses, and names only known series',
    (_, expr) => {
      const unknown: string[] = [];
      parser.parse(expr).iterate({
        enter: ({ type, from, to }) => {
          if (type.isError) unknown.push(`cannot parse at ${String(from)}`);
          const name = expr.slice(from, to);
          if (type.name === 'Identifier' && !knownSeries.has(name) && !records.has(name)) unknown.push(name);
        },
      });
      expect(unknown).toEqual([]);
    },
  );
});

describe('every sum', () => {
  /** Labels that the expression makes itself. */
  const made = new Set(['metric']);
  it.each(rules.map((rule) => ['alert' in rule ? rule.alert : rule.record, rule.expr]))(
    'of %s is by labels that its series have',
    (_, expr) => {
      const missing: string[] = [];
      parser.parse(expr).iterate({
        enter: ({ type, node }) => {
          if (type.name !== 'AggregateExpr') return;
          const text = ({ from, to }: { from: number; to: number }): string => expr.slice(from, to);
          const [labels, series]: [string[], string[]] = [[], []];
          node.cursor().iterate((inner) => {
            if (inner.type.name === 'LabelName' && inner.node.parent?.type.name === 'GroupingLabels') labels.push(text(inner));
            if (inner.type.name === 'Identifier') series.push(text(inner));
          });
          for (const name of series) {
            const known = knownSeries.get(name)?.labels;
            missing.push(
              ...labels.filter((label) => known?.has(label) === false && !made.has(label)).map((label) => `${name} by ${label}`),
            );
          }
        },
      });
      expect(missing).toEqual([]);
    },
  );
});

describe('times', () => {
  const timesIn = (text: string): number[] =>
    [...text.matchAll(/\b(\d+)(ms|s|m|h|d)\b/g)].map(([, count, unit]) => Number(count) * UNIT_MS[unit as 'ms']);
  it('are divided everywhere, by the factor that was asked for', () => {
    const exprs = (divideTimesBy: number): string[] =>
      Object.values(ruleGroups({ divideTimesBy }))
        .flat()
        .flatMap((group) =>
          group.rules.flatMap((rule) => [rule.expr, 'alert' in rule ? `${rule.for ?? ''} ${rule.keep_firing_for ?? ''}` : '']),
        );
    const [whole, divided] = [exprs(1), exprs(60)].map((texts) => texts.flatMap((text) => timesIn(text.replace(/:[a-z0-9_]+/gi, ''))));
    expect(whole?.length).toBeGreaterThan(300);
    expect(divided).toEqual(whole?.map((ms) => ms / 60));
  });
});

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
