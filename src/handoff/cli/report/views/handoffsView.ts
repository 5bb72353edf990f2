import type { HandoffFigures, HandoffStats } from '../../../analytics/reports/types.js';
import { groupName } from './groupName.js';
import { shareNote } from './notes.js';
import { valueText } from './values.js';
import type { ReportView, Table } from './view.js';
import { largestFirst } from './largestFirst.js';

export function handoffsView(stats: HandoffStats, groupedBy?: string): ReportView {
  const { handoffTrends, failureReasons } = stats;
  const times = handoffTrends.map(({ timestamp }) => timestamp);
  return {
    title: 'Handoffs',
    question: 'Do agents accept what is handed to them, and how soon?',
    timeRange: stats.timeRange,
    coverage: stats.coverage,
    figures: [
      {
        label: 'Success rate',
        value: stats.successRatePercent,
        unit: 'percent',
        note: shareNote(stats.comparison, stats.trend),
      },
      { label: 'Requested', value: stats.totalHandoffs, unit: 'count' },
      { label: 'Accepted', value: stats.successfulHandoffs, unit: 'count' },
      { label: 'Rejected', value: failureReasons.rejected, unit: 'count' },
      { label: 'Timed out', value: failureReasons.timed_out, unit: 'count' },
      { label: 'Mean time to respond', value: seconds(stats.averageProcessingTimeMs), unit: 's' },
      { label: 'Time to respond, 95th percentile', value: seconds(stats.p95ProcessingTimeMs), unit: 's' },
      { label: 'Mean entries handed over', value: stats.averageContextEntries, unit: 'count' },
    ],
    charts: [
      {
        title: 'Handoffs decided',
        unit: 'count',
        kind: 'bars',
        times,
        series: [
          { name: 'accepted', values: handoffTrends.map(({ successfulHandoffs }) => successfulHandoffs) },
          { name: 'rejected or timed out', values: handoffTrends.map(({ failedHandoffs }) => failedHandoffs) },
        ],
      },
      {
        title: 'Success rate of handoffs',
        unit: 'percent',
        kind: 'lines',
        times,
        series: [{ name: 'share accepted', values: handoffTrends.map(({ successRatePercent }) => successRatePercent) }],
      },
    ],
    tables: [
      table('Handoffs by route', 'route', stats.handoffsByRoute),
      ...(stats.groups === undefined || groupedBy === 'route'
        ? []
        : [table(`Handoffs by ${groupName(groupedBy)}`, groupName(groupedBy), stats.groups)]),
    ],
  };
}

function table(title: string, heading: string, groups: Readonly<Record<string, HandoffFigures>>): Table {
  return {
    title,
    columns: [
      { heading, shrink: true },
      { heading: 'requested', align: 'right' },
      { heading: 'accepted', align: 'right' },
      { heading: 'failed', align: 'right' },
      { heading: 'success', align: 'right' },
      { heading: 'response', align: 'right' },
    ],
    rows: largestFirst(groups, ({ totalHandoffs }) => totalHandoffs).map(([name, figures]) => [
      name,
      valueText(figures.totalHandoffs, 'count'),
      valueText(figures.successfulHandoffs, 'count'),
      valueText(figures.failedHandoffs, 'count'),
      valueText(figures.successRatePercent, 'percent'),
      valueText(seconds(figures.averageProcessingTimeMs), 's'),
    ]),
  };
}

/** Answers take hours as easily as milliseconds. */
function seconds(durationMs: number | null): number | null {
  return durationMs === null ? null : durationMs / 1000;
}
