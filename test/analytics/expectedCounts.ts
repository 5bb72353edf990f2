import type {
  ContextFigures,
  ContextStats,
  HandoffFigures,
  HandoffStats,
  SessionFigures,
  SessionStats,
} from '../../src/handoff/analytics/reports/types.js';
import { comparison, countOf, coverageOf, everything, figureTrend, groupsOf, meanOf, previous, series, shareOf, sumOf } from './byHand.js';
import { close, percentile } from './close.js';
import { lastSamples } from './expectedMeasurements.js';
import type { Counted, Sum, Sums } from './sums.js';

/** The reports of what was counted, from sums by plain SQL. */

/** Counts below are no base for percentages. */
const LEAST_COUNT = 20;

const p95 = ({ percentiles: [, value] }: Sum, factor = 1): number | null => percentile(value === null ? null : value * factor);

async function grouped<Figures>(
  counted: Counted,
  kinds: readonly string[],
  by: string,
  figures: (sums: Sums) => Figures,
): Promise<Record<string, Figures>> {
  return Object.fromEntries([...(await groupsOf(counted, kinds, by))].map(([value, sums]) => [value, figures(sums)]));
}

const groupsOfQuery = async <Figures>(
  counted: Counted,
  kinds: readonly string[],
  figures: (sums: Sums) => Figures,
): Promise<{ readonly groups?: Record<string, Figures> }> =>
  counted.query.groupBy === undefined ? {} : { groups: await grouped(counted, kinds, counted.query.groupBy, figures) };

const timeRange = (counted: Counted): SessionStats['timeRange'] => ({
  start: counted.query.start,
  end: counted.query.end,
  timeZone: counted.zone,
});

function sessionFigures(sums: Sums): SessionFigures {
  return {
    totalSessions: countOf(sums, 'opened'),
    completedSessions: countOf(sums, 'session_entries') - countOf(sums, 'expired'),
    expiredSessions: countOf(sums, 'expired'),
    archivedSessions: countOf(sums, 'archived'),
    averageSessionDurationSeconds: meanOf(sumOf(sums, 'session_us'), 1e-6),
  };
}

export async function expectedSessions(counted: Counted): Promise<SessionStats> {
  const sums = await everything(counted, 'sessions', 'transitions');
  const samples = await lastSamples(counted);
  const [opened, changed] = [await series(counted, 'sessions'), await series(counted, 'transitions')];
  const figures = sessionFigures(sums);
  const active = samples.get('sessions:active') ?? null;
  const { start, end } = await previous(counted, 'sessions');
  return {
    timeRange: timeRange(counted),
    coverage: await coverageOf(counted, 'sessions', 'transitions'),
    ...figures,
    activeSessions: active,
    p95SessionDurationSeconds: p95(sumOf(sums, 'session_us'), 1e-6),
    averageContextVolumeEntries: meanOf(sumOf(sums, 'session_entries')),
    averageParticipantCount: meanOf(sumOf(sums, 'session_agents')),
    sessionsByStatus: {
      active,
      dormant: samples.get('sessions:dormant') ?? null,
      completed: figures.completedSessions,
      expired: figures.expiredSessions,
      archived: figures.archivedSessions,
    },
    sessionsByAgent: await grouped(counted, ['sessions'], 'agent', (of) => countOf(of, 'opened')),
    ...(await groupsOfQuery(counted, ['sessions', 'transitions'], sessionFigures)),
    sessionTrends: opened.map(({ start: timestamp, values }, n) => ({
      timestamp,
      openedSessions: countOf(values.get(''), 'opened'),
      endedSessions: countOf(changed[n]?.values.get(''), 'session_entries'),
    })),
    trend: await figureTrend(counted, 'sessions', (of) => countOf(of, 'opened')),
    comparison: comparison(figures.totalSessions, countOf(await everything(counted.over(start, end), 'sessions'), 'opened'), LEAST_COUNT),
  };
}

function handoffFigures(sums: Sums | undefined): HandoffFigures {
  const rate = successRate(sums);
  return {
    totalHandoffs: countOf(sums, 'requested'),
    successfulHandoffs: countOf(sums, 'accepted'),
    failedHandoffs: countOf(sums, 'rejected') + countOf(sums, 'timed_out'),
    successRatePercent: rate === null ? null : close(rate),
    averageProcessingTimeMs: meanOf(sumOf(sums, 'answer_us'), 1e-3),
  };
}

function successRate(sums: Sums | undefined): number | null {
  const [accepted, failed] = [countOf(sums, 'accepted'), countOf(sums, 'rejected') + countOf(sums, 'timed_out')];
  return accepted + failed === 0 ? null : (100 * accepted) / (accepted + failed);
}

export async function expectedHandoffs(counted: Counted): Promise<HandoffStats> {
  const sums = await everything(counted, 'handoffs');
  const { start, end } = await previous(counted, 'handoffs');
  const trend = await figureTrend(counted, 'handoffs', successRate);
  return {
    timeRange: timeRange(counted),
    coverage: await coverageOf(counted, 'handoffs'),
    ...handoffFigures(sums),
    p95ProcessingTimeMs: p95(sumOf(sums, 'answer_us'), 1e-3),
    averageContextEntries: meanOf(sumOf(await everything(counted, 'context'), 'handed_over_entries')),
    handoffsByRoute: await grouped(counted, ['handoffs'], 'route', handoffFigures),
    failureReasons: { rejected: countOf(sums, 'rejected'), timed_out: countOf(sums, 'timed_out') },
    ...(await groupsOfQuery(counted, ['handoffs'], handoffFigures)),
    handoffTrends: (await series(counted, 'handoffs')).map(({ start: timestamp, values }) => ({
      timestamp,
      ...handoffFigures(values.get('')),
    })),
    trend: { ...trend, verdict: ({ rising: 'improving', falling: 'degrading', stable: 'stable' } as const)[trend.direction] },
    comparison: comparison(successRate(sums), successRate(await everything(counted.over(start, end), 'handoffs'))),
  };
}

export async function expectedContext(counted: Counted): Promise<ContextStats> {
  const all = sumOf(await everything(counted, 'context'), 'content_bytes');
  const figures = (sums: Sums): ContextFigures => {
    const size = sumOf(sums, 'content_bytes');
    return { count: size.n, averageSizeBytes: meanOf(size), totalSizeBytes: size.total ?? 0, sharePercent: shareOf(size.n, all.n) };
  };
  const parts = (await series(counted, 'context')).map(({ start, values }) => ({
    timestamp: start,
    size: sumOf(values.get(''), 'content_bytes'),
  }));
  const types = await series(counted, 'context', { by: 'context_type' });
  const { start, end } = await previous(counted, 'context');
  return {
    timeRange: timeRange(counted),
    coverage: await coverageOf(counted, 'context'),
    totalContextEntries: all.n,
    totalSizeBytes: all.total ?? 0,
    p95SizeBytes: p95(all),
    contentTypeDistribution: await grouped(counted, ['context'], 'context_type', figures),
    ...(await groupsOfQuery(counted, ['context'], figures)),
    growthTrends: parts.map(({ timestamp, size }, n) => ({
      timestamp,
      entryCount: size.n,
      averageSizeBytes: meanOf(size),
      contentTypes: Object.fromEntries([...(types[n]?.values ?? [])].map(([type, sums]) => [type, countOf(sums, 'content_bytes')])),
    })),
    sizeTrends: parts.map(({ timestamp, size }) => ({
      timestamp,
      averageSizeBytes: meanOf(size),
      maxSizeBytes: size.high,
      minSizeBytes: size.low,
    })),
    trend: await figureTrend(counted, 'context', (sums) => countOf(sums, 'content_bytes')),
    comparison: comparison(all.n, countOf(await everything(counted.over(start, end), 'context'), 'content_bytes'), LEAST_COUNT),
  };
}
