import type { ResourceStats } from '../../../analytics/reports/types.js';
import { trendText } from './notes.js';
import { percentChart } from './resourceCharts.js';
import { valueText, whole } from './values.js';
import type { ReportView, Table } from './view.js';

export function resourcesView({ timeRange, coverage, current, historical, alerts, trends }: ResourceStats): ReportView {
  const times = historical.map(({ timestamp }) => timestamp);
  return {
    title: 'Resources',
    question: 'Is anything running short?',
    timeRange,
    coverage,
    figures: [
      { label: 'Memory', value: current.memoryPercent, unit: 'percent', note: trendText(trends.memory) },
      { label: 'CPU', value: current.cpuPercent, unit: 'percent', note: trendText(trends.cpu) },
      { label: 'Disk', value: current.diskPercent, unit: 'percent', note: trendText(trends.disk) },
      { label: 'Database connections', value: current.activeConnections, unit: 'count' },
      { label: 'Active sessions', value: whole(current.activeSessions), unit: 'count' },
    ],
    charts: [
      percentChart('Memory, CPU and disk', historical, ['memory', 'CPU', 'disk']),
      {
        title: 'Connections and sessions',
        unit: 'count',
        kind: 'lines',
        times,
        series: [
          { name: 'database connections', values: historical.map(({ activeConnections }) => activeConnections) },
          { name: 'active sessions', values: historical.map(({ activeSessions }) => activeSessions) },
        ],
      },
    ],
    tables: alerts.length === 0 ? [] : [overThreshold(alerts)],
  };
}

function overThreshold(alerts: ResourceStats['alerts']): Table {
  return {
    title: 'Over a threshold at the end of the range',
    columns: [
      { heading: 'resource' },
      { heading: 'severity' },
      { heading: 'used', align: 'right' },
      { heading: 'threshold', align: 'right' },
    ],
    rows: alerts.map(({ type, severity, currentValuePercent, thresholdPercent }) => [
      type,
      severity,
      valueText(currentValuePercent, 'percent'),
      valueText(thresholdPercent, 'percent'),
    ]),
  };
}
