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
        description: 'All that are in memory, about 4 kB each. A step is a deploy; a steady climb is a label whose values never end.',
        unit: 'short',
        queries: [lineOf(aggregated('max', selector('prometheus_tsdb_head_series')), 'series')],
        links: [toRuntime],
        empty: 'Prometheus does not scrape itself',
      }),
      {
        kind: 'table',
        width: 8,
        title: 'Series, by service',
        description: 'About a thousand for each process, and 1,700 more for 100 tools. Much more: see which metric in the next table.',
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
          'The SDK counts what is above its limit of series in one that has no other labels: totals stay right, and details are lost. Look for a tool whose name changes.',
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
