import type { SessionFigures, SessionStats } from '../../../analytics/reports/types.js';
import { groupName } from './groupName.js';
import { countNote } from './notes.js';
import { valueText, whole } from './values.js';
import type { ReportView, Table } from './view.js';
import { largestFirst } from './largestFirst.js';

const COLUMNS = [
  { heading: 'opened', align: 'right' },
  { heading: 'completed', align: 'right' },
  { heading: 'expired', align: 'right' },
  { heading: 'length', align: 'right' },
] as const;

export function sessionsView(stats: SessionStats, groupedBy?: string): ReportView {
  const times = stats.sessionTrends.map(({ timestamp }) => timestamp);
  return {
    title: 'Sessions',
    question: 'How many sessions were opened and ended, how long and how large were they?',
    timeRange: stats.timeRange,
    coverage: stats.coverage,
    figures: [
      { label: 'Opened', value: stats.totalSessions, unit: 'count', note: countNote(stats.comparison, stats.trend) },
      { label: 'Completed', value: stats.completedSessions, unit: 'count' },
      { label: 'Expired', value: stats.expiredSessions, unit: 'count' },
      { label: 'Archived', value: stats.archivedSessions, unit: 'count' },
      { label: 'Active at the end', value: whole(stats.activeSessions), unit: 'count' },
      { label: 'Dormant at the end', value: whole(stats.sessionsByStatus.dormant), unit: 'count' },
      { label: 'Mean length', value: stats.averageSessionDurationSeconds, unit: 's', note: 'of sessions that ended' },
      { label: 'Length, 95th percentile', value: stats.p95SessionDurationSeconds, unit: 's' },
      { label: 'Mean entries', value: stats.averageContextVolumeEntries, unit: 'count', note: 'of sessions that ended' },
      { label: 'Mean agents', value: stats.averageParticipantCount, unit: 'count', note: 'of sessions that ended' },
    ],
    charts: [
      {
        title: 'Sessions opened and ended',
        unit: 'count',
        kind: 'lines',
        times,
        series: [
          { name: 'opened', values: stats.sessionTrends.map(({ openedSessions }) => openedSessions) },
          { name: 'ended', values: stats.sessionTrends.map(({ endedSessions }) => endedSessions) },
        ],
      },
    ],
    tables: stats.groups === undefined ? [byAgent(stats)] : [groupTable(stats.groups, groupedBy)],
  };
}

function byAgent({ sessionsByAgent }: SessionStats): Table {
  return {
    title: 'Sessions opened, by agent',
    columns: [
      { heading: 'agent', shrink: true },
      { heading: 'opened', align: 'right' },
    ],
    rows: largestFirst(sessionsByAgent, (opened) => opened).map(([agent, opened]) => [agent, valueText(opened, 'count')]),
  };
}

function groupTable(groups: Readonly<Record<string, SessionFigures>>, groupedBy: string | undefined): Table {
  return {
    title: `Sessions by ${groupName(groupedBy)}`,
    columns: [{ heading: groupName(groupedBy), shrink: true }, ...COLUMNS],
    rows: largestFirst(groups, ({ totalSessions }) => totalSessions).map(([name, figures]) => [
      name,
      valueText(figures.totalSessions, 'count'),
      valueText(figures.completedSessions, 'count'),
      valueText(figures.expiredSessions, 'count'),
      valueText(figures.averageSessionDurationSeconds, 's'),
    ]),
  };
}
