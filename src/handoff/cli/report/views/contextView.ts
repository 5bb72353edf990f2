import type { ContextFigures, ContextStats } from '../../../analytics/reports/types.js';
import { groupName } from './groupName.js';
import { VALUE_OTHER } from '../../../../telemetry/semconv.js';
import { countNote } from './notes.js';
import { valueText } from './values.js';
import type { ReportView, Table } from './view.js';
import { largestFirst } from './largestFirst.js';

export function contextView(stats: ContextStats, groupedBy?: string): ReportView {
  const { growthTrends, sizeTrends, totalContextEntries: total } = stats;
  const times = growthTrends.map(({ timestamp }) => timestamp);
  const names = Object.keys(stats.contentTypeDistribution).filter((name) => name !== VALUE_OTHER);
  // Parts have every type, also those that the distribution has together as `_OTHER`.
  const named = ({ contentTypes }: (typeof growthTrends)[number]): number =>
    names.reduce((sum, name) => sum + (contentTypes[name] ?? 0), 0);
  return {
    title: 'Context',
    question: 'How much context do agents write?',
    timeRange: stats.timeRange,
    coverage: stats.coverage,
    figures: [
      { label: 'Entries', value: total, unit: 'count', note: countNote(stats.comparison, stats.trend) },
      { label: 'Total size', value: stats.totalSizeBytes, unit: 'bytes' },
      { label: 'Mean size', value: total === 0 ? null : stats.totalSizeBytes / total, unit: 'bytes' },
      { label: 'Size, 95th percentile', value: stats.p95SizeBytes, unit: 'bytes' },
    ],
    charts: [
      {
        title: 'Entries written, by type',
        unit: 'count',
        kind: 'bars',
        times,
        series: Object.keys(stats.contentTypeDistribution).map((type) => ({
          name: type,
          values: growthTrends.map((part) => (type === VALUE_OTHER ? part.entryCount - named(part) : (part.contentTypes[type] ?? 0))),
        })),
      },
      {
        title: 'Size of an entry',
        unit: 'bytes',
        kind: 'lines',
        times,
        series: [
          { name: 'mean', values: sizeTrends.map(({ averageSizeBytes }) => averageSizeBytes) },
          { name: 'largest', values: sizeTrends.map(({ maxSizeBytes }) => maxSizeBytes) },
        ],
      },
    ],
    tables: [
      table('Entries by type', 'type', stats.contentTypeDistribution),
      ...(stats.groups === undefined || groupedBy === 'context_type'
        ? []
        : [table(`Entries by ${groupName(groupedBy)}`, groupName(groupedBy), stats.groups)]),
    ],
  };
}

function table(title: string, heading: string, groups: Readonly<Record<string, ContextFigures>>): Table {
  return {
    title,
    columns: [
      { heading, shrink: true },
      { heading: 'entries', align: 'right' },
      { heading: 'share', align: 'right' },
      { heading: 'size', align: 'right' },
      { heading: 'mean size', align: 'right' },
    ],
    rows: largestFirst(groups, ({ count }) => count).map(([name, figures]) => [
      name,
      valueText(figures.count, 'count'),
      valueText(figures.sharePercent, 'percent'),
      valueText(figures.totalSizeBytes, 'bytes'),
      valueText(figures.averageSizeBytes, 'bytes'),
    ]),
  };
}
