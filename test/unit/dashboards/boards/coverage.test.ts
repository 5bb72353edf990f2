import { expect, it } from 'vitest';
import { domains } from '../../../../src/telemetry/catalogue/domains.js';
import { knownSeries } from '../../../../dashboards/src/names/known.js';
import { seriesName } from '../../../../dashboards/src/names/series.js';
import { leftOut } from '../../../../dashboards/src/leftOut.js';
import { metricQueries } from '../support/panels.js';
import { seriesIn, withoutVariables } from '../support/promql.js';

const shown = new Set(
  metricQueries.flatMap(({ query }) => seriesIn(withoutVariables(query.expr)).map(({ name }) => knownSeries.get(name)?.metric)),
);
const metrics = domains.flatMap(({ metrics: own = [] }) => own);

it('shows every metric of the catalogue, or says why not', () => {
  const missing = metrics.filter((metric) => !shown.has(seriesName(metric)) && leftOut[metric.name] === undefined).map(({ name }) => name);
  expect(missing).toEqual([]);
});

it('leaves out only metrics that exist and are on no panel', () => {
  const names = new Map(metrics.map((metric) => [metric.name, metric]));
  for (const name of Object.keys(leftOut)) {
    const metric = names.get(name);
    expect(metric, name).not.toBe(undefined);
    if (metric !== undefined) expect(shown.has(seriesName(metric)), name).toBe(false);
  }
});
