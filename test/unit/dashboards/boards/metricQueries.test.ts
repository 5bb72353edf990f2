import { describe, expect, it } from 'vitest';
import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import { knownSeries } from '../../../../dashboards/src/names/known.js';
import { longWindowRules, shortWindowRules } from '../../../../dashboards/src/rules/serviceLevels.js';
import { timesDividedBy } from '../../../../dashboards/src/rules/times.js';
import { metricQueries } from '../support/panels.js';
import { groupingsIn, hasErrors, seriesIn, treeOf, withoutVariables } from '../support/promql.js';

const times = timesDividedBy(1);
const recorded = new Set(
  Object.values(objectives).flatMap((objective) =>
    [...shortWindowRules(objective, times), ...longWindowRules(objective, times)].map(({ record }) => record),
  ),
);
const queries = metricQueries.map(({ where, query, index }) => ({
  where: `${where} #${index}`,
  query,
  expr: withoutVariables(query.expr),
}));
const used = queries.flatMap(({ where, expr }) => seriesIn(expr).map((series) => ({ where, ...series })));

describe('the PromQL of the boards', () => {
  it('parses', () => {
    expect(queries.length).toBeGreaterThan(100);
    expect(queries.filter(({ expr }) => hasErrors(treeOf(expr))).map(({ where }) => where)).toEqual([]);
  });

  it('names only series that somebody records, and only labels that they have', () => {
    const wrong = used.filter(({ name, labels }) => {
      if (recorded.has(name)) return false;
      const known = knownSeries.get(name);
      return known === undefined || labels.some((label) => !known.labels.has(label));
    });
    expect(wrong).toEqual([]);
  });

  it('keeps only labels that the series within have', () => {
    const wrong = queries.flatMap(({ where, expr }) =>
      groupingsIn(expr).flatMap(({ labels, series }) =>
        series
          .filter((name) => !recorded.has(name))
          .flatMap((name) =>
            labels.filter((label) => knownSeries.get(name)?.labels.has(label) !== true).map((label) => `${where}: ${name} ${label}`),
          ),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('takes rates of counters, and of nothing else', () => {
    const isCounter = (name: string): boolean => {
      const known = knownSeries.get(name);
      return known !== undefined && (known.kind === 'counter' || known.part !== 'whole');
    };
    const counters = used.filter(({ name }) => isCounter(name));
    // Whether a series is there does not depend on its value.
    const counted = new Set(['otel_metric_overflow']);
    const bare = counters.filter(({ rangeFunction, labels }) => rangeFunction === undefined && !labels.some((label) => counted.has(label)));
    expect(bare).toEqual([]);
    expect(used.filter(({ name, rangeFunction }) => rangeFunction !== undefined && !isCounter(name))).toEqual([]);
  });

  it('takes rates over the interval of Grafana, and sums over the range of the board or a named window', () => {
    const rates = metricQueries.flatMap(({ query }) =>
      [...query.expr.matchAll(/\brate\((?:[^"[]|"[^"]*")*\[([^\]]*)\]/g)].map(([, range]) => range),
    );
    expect(new Set(rates)).toEqual(new Set(['$__rate_interval']));
    const sums = metricQueries.flatMap(({ query }) =>
      [...query.expr.matchAll(/\bincrease\((?:[^"[]|"[^"]*")*\[([^\]]*)\]/g)].map(([, range]) => range),
    );
    expect(new Set(sums)).toEqual(new Set(['$__range', '1h', '30d']));
  });

  it('names lines by labels that the result has', () => {
    const wrong = queries.flatMap(({ where, query: { legend = '' }, expr }) => {
      const kept = new Set(groupingsIn(expr).flatMap(({ labels }) => labels));
      const isRecorded = seriesIn(expr).some(({ name }) => recorded.has(name));
      const known = (label: string): boolean => kept.has(label) || (label === 'job' && isRecorded) || expr.includes(`, "${label}", `);
      return [...legend.matchAll(/\{\{(\w+)\}\}/g)].flatMap(([, label = '']) => (known(label) ? [] : [`${where}: ${label}`]));
    });
    expect(wrong).toEqual([]);
  });
});
