import type { Measures } from '../rollups/measure.js';
import { compareCounts } from '../trends/trend.js';
import { averageOf, countOf, percentileFigure } from './figures.js';
import { figureTrend } from './figureTrend.js';
import type { ReportReader } from './reader.js';
import { lastSamples } from './samples.js';
import type { SessionFigures, SessionStats } from './types.js';

const SECONDS_PER_MICRO = 1e-6;

export async function sessionStatistics(reader: ReportReader, trendDays: number): Promise<SessionStats> {
  const { groupBy, start, end, timeZone } = reader.query;
  const opened = await reader.total('sessions');
  const changes = await reader.total('transitions', 'session_us');
  const samples = await lastSamples(reader);
  const [openedParts, changedParts] = [await reader.series('sessions'), await reader.series('transitions')];
  const before = await reader.totalBefore('sessions');
  const figures = figuresOf(opened, changes);
  const { completedSessions: completed, expiredSessions: expired, archivedSessions: archived } = figures;
  return {
    timeRange: { start, end, timeZone },
    coverage: reader.coverage('sessions', 'transitions'),
    ...figures,
    activeSessions: samples.get('sessions:active') ?? null,
    p95SessionDurationSeconds: percentileFigure(changes.get('session_us'), 95, SECONDS_PER_MICRO),
    averageContextVolumeEntries: averageOf(changes, 'session_entries'),
    averageParticipantCount: averageOf(changes, 'session_agents'),
    sessionsByStatus: {
      active: samples.get('sessions:active') ?? null,
      dormant: samples.get('sessions:dormant') ?? null,
      completed,
      expired,
      archived,
    },
    sessionsByAgent: Object.fromEntries(
      [...(await reader.groups('sessions', 'agent'))].map(([agent, of]) => [agent, countOf(of, 'opened')]),
    ),
    ...(groupBy === undefined ? {} : { groups: await groupsOf(reader, groupBy) }),
    sessionTrends: openedParts.map(({ timestamp, measures }, index) => ({
      timestamp,
      openedSessions: countOf(measures, 'opened'),
      endedSessions: endedOf(changedParts[index]?.measures),
    })),
    trend: await figureTrend(reader, trendDays, 'sessions', (measures) => countOf(measures, 'opened')),
    comparison: compareCounts(figures.totalSessions, before === undefined ? null : countOf(before, 'opened')),
  };
}

async function groupsOf(reader: ReportReader, dimension: string): Promise<Record<string, SessionFigures>> {
  const [opened, changes] = await reader.groupsOf(['sessions', 'transitions'], dimension);
  const names = new Set([...(opened?.keys() ?? []), ...(changes?.keys() ?? [])]);
  return Object.fromEntries([...names].map((name) => [name, figuresOf(opened?.get(name), changes?.get(name))]));
}

function figuresOf(opened: Measures | undefined, changes: Measures | undefined): SessionFigures {
  return {
    totalSessions: countOf(opened, 'opened'),
    completedSessions: endedOf(changes) - countOf(changes, 'expired'),
    expiredSessions: countOf(changes, 'expired'),
    archivedSessions: countOf(changes, 'archived'),
    averageSessionDurationSeconds: averageOf(changes, 'session_us', SECONDS_PER_MICRO),
  };
}

/**
 * Only what has ended has a number of entries. The measure `completed` counts each time that a session was handed over in full, also where
 * its target has taken it up.
 */
function endedOf(changes: Measures | undefined): number {
  return countOf(changes, 'session_entries');
}
