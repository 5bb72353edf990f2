import { describe, expect, it } from 'vitest';
import { knownSeries } from '../../../../dashboards/src/names/known.js';
import { dimensionOf } from '../support/dimension.js';
import { metricQueries } from '../support/panels.js';
import { seriesIn, withoutVariables } from '../support/promql.js';

/** Units of Grafana that are right for a dimension. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  '{}': ['percentunit', 'none'],
  '{"n":1}': ['short', 'none'],
  '{"n":1,"s":-1}': ['reqps', 'ops'],
  '{"s":1}': ['s'],
  '{"By":1}': ['bytes'],
  '{"By":1,"s":-1}': ['Bps'],
  '{"s":1,"n":-1}': ['s'],
  '{"By":1,"n":-1}': ['bytes'],
};
const key = (dimension: object): string =>
  JSON.stringify(Object.fromEntries(Object.entries(dimension).sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))));
const ORDER = ['By', 's', 'n'];
const BY_KEY = new Map(Object.entries(UNITS).map(([text, units]) => [key(JSON.parse(text) as object), units]));

describe('the units of the boards', () => {
  it('are those of what the queries compute', () => {
    const wrong = metricQueries
      .filter(({ panel }) => panel.kind !== 'heatmap')
      .flatMap(({ where, panel, query, index }) => {
        const heading =
          panel.kind === 'table'
            ? panel.headings?.[panel.queries.length > 1 ? `Value #${String.fromCharCode(65 + index)}` : 'Value']
            : undefined;
        const unit = (panel.kind === 'table' && panel.units?.[heading ?? '']) || panel.unit;
        const dimension = dimensionOf(withoutVariables(query.expr));
        return BY_KEY.get(key(dimension))?.includes(unit) === true ? [] : [`${where}: ${unit} for ${key(dimension)}`];
      });
    expect(wrong).toEqual([]);
  });

  it('are those of the buckets on heatmaps', () => {
    const heatmaps = metricQueries.filter(({ panel }) => panel.kind === 'heatmap');
    expect(heatmaps.length).toBeGreaterThan(2);
    for (const { where, panel, query } of heatmaps) {
      const [series] = seriesIn(withoutVariables(query.expr));
      const unit = { s: 's', By: 'bytes' }[knownSeries.get(series?.name ?? '')?.unit ?? ''];
      expect({ where, unit: panel.unit }).toEqual({ where, unit });
    }
  });

  it('would be found wrong', () => {
    expect(dimensionOf('sum(rate(v8js_gc_duration_seconds_sum[5m]))')).toEqual({});
    expect(dimensionOf('sum(rate(handoff_context_size_bytes_sum[5m])) / sum(rate(handoff_context_size_bytes_count[5m]))')).toEqual({
      By: 1,
      n: -1,
    });
    expect(dimensionOf('sum(rate(handoff_cache_operations_total[5m]))')).toEqual({ n: 1, s: -1 });
  });
});
