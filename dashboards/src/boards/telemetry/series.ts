import { mcpMetrics } from '../../../../src/telemetry/catalogue/mcp.js';
import { equals, selector } from '../../names/selectors.js';
import { countSeries } from '../../names/series.js';
import { toMcp, toRuntime } from '../../panels/links.js';
import { column, lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { noneExpected } from '../../panels/thresholds.js';
import { aggregated } from '../../promql/expressions.js';

/** Series cost memory: a label with many values costs more than all else. */
export function seriesRow(): RowSpec {
  const ofServices = '{job=~"$service"}';
  const overflow = selector(countSeries(mcpMetrics.serverOperationDuration), [equals('otel_metric_overflow', 'true')]);
  return {
    title: 'How many series',
    panels: [
      lines({
        title: 'Series in Prometheus',
        description:
          'All series that are in memory, about 4 kB each. A step is a deployment; a steady climb is a label with ever new values.',
        unit: 'short',
        queries: [lineOf(aggregated('max', selector('prometheus_tsdb_head_series')), 'series')],
        links: [toRuntime],
        empty: 'Prometheus does not scrape itself',
      }),
      {
        kind: 'table',
        width: 8,
        title: 'Series, by service',
        description:
          'About a thousand for each process, and 1,700 more for 100 tools. If there are many more, find the metric in the next table.',
        unit: 'short',
        queries: [column(`sort_desc(${aggregated('count', ofServices, ['job'])})`)],
        headings: { job: 'Service', Value: 'Series' },
        links: [toMcp],
        empty: 'No series',
      },
      {
        kind: 'table',
        width: 8,
        title: 'Series, by metric',
        description: 'The twenty metrics of the chosen services with the most series. A histogram has one for each bucket.',
        unit: 'short',
        queries: [column(`topk(20, ${aggregated('count', ofServices, ['__name__'])})`)],
        headings: { __name__: 'Metric', Value: 'Series' },
        links: [toMcp],
        empty: 'No series',
      },
      lines({
        title: 'Series beyond the limit of a process',
        description:
          'The SDK adds up everything beyond its limit of series in one series without other labels: totals stay right, but details are lost. Look for a tool whose name keeps changing.',
        unit: 'short',
        width: 24,
        queries: [lineOf(aggregated('count', overflow, ['job']), '{{job}}')],
        thresholds: noneExpected,
        links: [toMcp],
        empty: 'No process is over its limit',
      }),
    ],
  };
}
