import { analyticsMetrics } from '../../../../src/telemetry/catalogue/analytics.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_ANALYTICS_REPORT, ATTR_HANDOFF_ROLLUP_KIND } from '../../../../src/telemetry/semconv.js';
import { selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { aggregated, quantile, rate, sum } from '../../promql/expressions.js';
import { failed } from '../../promql/objectives.js';

const KIND = [ATTR_HANDOFF_ROLLUP_KIND];
const LEGEND = `{{${labelName(ATTR_HANDOFF_ROLLUP_KIND)}}}`;
const common = { links: [toDatabases, toLogs], empty: 'No rollup ran' } as const;

/** Whether what happened is added up in time, and how long reports take. */
export function rollupsRow(): RowSpec {
  const { lag, duration, rows, lateRows, queryDuration } = analyticsMetrics;
  const keys = [ATTR_HANDOFF_ROLLUP_KIND, ATTR_ERROR_TYPE];
  return {
    title: 'Rollups and reports',
    panels: [
      lines({
        ...common,
        title: 'How far rollups are behind, by kind',
        description:
          'One to two minutes are normal. If all kinds grow together, look for a transaction that stays open, then at the job analytics-rollup. Log partitions are not dropped before they are rolled up.',
        unit: 's',
        queries: [lineOf(aggregated('max', selector(seriesName(lag), scope), KIND), LEGEND)],
        empty: 'No process has looked yet',
      }),
      lines({
        ...common,
        title: 'Duration p95 of a run, by kind',
        description: 'It grows with the number of new rows, not with the size of the tables.',
        unit: 's',
        queries: [lineOf(quantile(0.95, duration, scope, KIND), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Runs that fail per second, by error',
        description: 'The next run continues where this one ended; nothing is lost.',
        unit: 'ops',
        stacked: true,
        queries: [
          lineOf(
            sum(rate(countSeries(duration), [failed(ATTR_ERROR_TYPE), ...scope]), keys),
            keys.map((key) => `{{${labelName(key)}}}`).join(' '),
          ),
        ],
        empty: 'None failed',
      }),
      lines({
        ...common,
        title: 'Rows read per second, by kind',
        description: 'Groups of rows with the same labels in one minute.',
        unit: 'ops',
        queries: [lineOf(sum(rate(seriesName(rows), scope), KIND), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Late rows per second, by kind',
        description:
          'Rows that arrived, changed or were erased after their bucket was computed, for instance after an outage of the database, an erasure, a restored session or a new policy. For each, its hour is computed again.',
        unit: 'ops',
        queries: [lineOf(sum(rate(seriesName(lateRows), scope), KIND), LEGEND)],
        empty: 'None came late',
      }),
      lines({
        ...common,
        title: 'Duration p95 of a report',
        description: 'The time to make a report, whatever its range.',
        unit: 's',
        queries: [
          lineOf(quantile(0.95, queryDuration, scope, [ATTR_HANDOFF_ANALYTICS_REPORT]), `{{${labelName(ATTR_HANDOFF_ANALYTICS_REPORT)}}}`),
        ],
        empty: 'Nobody has asked for one',
      }),
    ],
  };
}
