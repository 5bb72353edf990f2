import type { PerformanceTrends } from '../../../analytics/reports/types.js';
import { valueText } from './values.js';
import { percentChart } from './resourceCharts.js';
import type { ReportView, Table } from './view.js';
import { largestFirst } from './largestFirst.js';

export function performanceView(stats: PerformanceTrends): ReportView {
  const { databasePerformance: database } = stats;
  const calls = Object.values(stats.operationMetrics).reduce((sum, { totalCalls }) => sum + totalCalls, 0);
  const failed = Object.values(stats.operationMetrics).reduce((sum, { failedCalls }) => sum + failedCalls, 0);
  return {
    title: 'Performance',
    question: 'What is slow, and what fails?',
    timeRange: stats.timeRange,
    coverage: stats.coverage,
    figures: [
      { label: 'Operations', value: calls, unit: 'count' },
      { label: 'Failed operations', value: failed, unit: 'count' },
      { label: 'Statements', value: database.totalQueries, unit: 'count' },
      { label: 'Slow statements', value: database.slowQueries, unit: 'count', note: 'over 500 ms' },
      { label: 'Mean time of a statement', value: database.averageQueryTimeMs, unit: 'ms' },
      { label: 'Failed statements', value: database.errorRatePercent, unit: 'percent' },
      { label: 'Cache hit rate', value: database.cacheHitRatePercent, unit: 'percent' },
    ],
    charts: [percentChart('Memory and CPU', stats.systemResourceTrends, ['memory', 'CPU'])],
    tables: [operations(stats), statements(stats), slowOperations(stats)].filter(({ rows }) => rows.length > 0),
  };
}

function operations({ operationMetrics }: PerformanceTrends): Table {
  return {
    title: 'Operations with the most calls',
    columns: [
      { heading: 'operation', shrink: true },
      { heading: 'calls', align: 'right' },
      { heading: 'success', align: 'right' },
      { heading: 'p50', align: 'right' },
      { heading: 'p95', align: 'right' },
      { heading: 'p99', align: 'right' },
      { heading: 'trend' },
    ],
    rows: largestFirst(operationMetrics, ({ totalCalls }) => totalCalls).map(([name, figures]) => [
      name,
      valueText(figures.totalCalls, 'count'),
      valueText(figures.successRatePercent, 'percent'),
      valueText(figures.p50DurationMs, 'ms'),
      valueText(figures.p95DurationMs, 'ms'),
      valueText(figures.p99DurationMs, 'ms'),
      figures.trend,
    ]),
  };
}

function statements({ databasePerformance: { topSlowQueries } }: PerformanceTrends): Table {
  return {
    title: 'Slow statements',
    columns: [
      { heading: 'statement', shrink: true },
      { heading: 'slow calls', align: 'right' },
      { heading: 'mean', align: 'right' },
      { heading: 'p95', align: 'right' },
    ],
    rows: topSlowQueries.map(({ queryPattern, count, averageDurationMs, p95DurationMs }) => [
      queryPattern,
      valueText(count, 'count'),
      valueText(averageDurationMs, 'ms'),
      valueText(p95DurationMs, 'ms'),
    ]),
  };
}

function slowOperations({ slowOperations: slow }: PerformanceTrends): Table {
  return {
    title: 'Operations with calls over 2 s',
    columns: [
      { heading: 'operation', shrink: true },
      { heading: 'slow calls', align: 'right' },
      { heading: 'longest', align: 'right' },
    ],
    rows: slow.map(({ operation, slowCalls, maxDurationMs }) => [operation, valueText(slowCalls, 'count'), valueText(maxDurationMs, 'ms')]),
  };
}
