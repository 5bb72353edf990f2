import type { OperationFigures, PerformanceTrends, ResourceFigures, ResourceStats } from '../../src/handoff/analytics/reports/types.js';
import { countOf, coverageOf, groupsOf, lastDays, meanOf, series, shareOf, sumOf, timed, together, wholeParts } from './byHand.js';
import type { WholePart } from './byHand.js';
import { trendByHand } from './bruteTrend.js';
import { close, percentile } from './close.js';
import type { Counted, Sums } from './sums.js';

/** The reports of what was measured, from sums by plain SQL. */

type Means = (metric: string) => number | null;

const rawMean = (sums: Sums | undefined, measure: string): number | null => {
  const { n, total } = sumOf(sums, measure);
  return total === null || n === 0 ? null : total / n;
};

const meansOf =
  ({ values }: Pick<WholePart, 'values'>): Means =>
  (metric) =>
    rawMean(values.get(metric), 'value');

/** The mean of each metric in the last minute with samples of it, or else in the last hour, of the last day of the range. */
export async function lastSamples(counted: Counted): Promise<ReadonlyMap<string, number>> {
  const hours = await series(lastDays(counted, 1), 'resources', { by: 'metric', unit: 'hour' });
  return new Map([
    ...hours.flatMap(({ values }) => [...values].map(([metric, sums]) => [metric, rawMean(sums, 'value') ?? NaN] as const)),
    ...(await counted.lastMinutes()),
  ]);
}

function resources(mean: Means): ResourceFigures {
  const [used, limit] = [mean('memory_used_bytes'), mean('memory_limit_bytes')];
  const orNull = (value: number | null): number | null => (value === null ? null : close(value));
  return {
    memoryPercent: used === null || limit === null ? null : shareOf(used, limit),
    cpuPercent: orNull(mean('cpu_used_percent')),
    diskPercent: orNull(mean('disk_used_percent')),
    activeConnections: orNull(mean('database_connections_used')),
    activeSessions: orNull(mean('sessions:active')),
  };
}

const resourceSeries = async (counted: Counted): Promise<PerformanceTrends['systemResourceTrends']> =>
  (await series(counted, 'resources', { by: 'metric' })).map(({ start, values }) => ({
    timestamp: start,
    ...resources(meansOf({ values })),
  }));

const LIMITS = [
  ['memory', 80, 95],
  ['disk', 85, 95],
] as const;

export async function expectedResources(counted: Counted): Promise<ResourceStats> {
  const last = await lastSamples(counted);
  const mean: Means = (metric) => last.get(metric) ?? null;
  const now = {
    memory: ((mean('memory_used_bytes') ?? NaN) / (mean('memory_limit_bytes') ?? NaN)) * 100,
    disk: mean('disk_used_percent') ?? NaN,
  };
  const hours = await wholeParts(counted, 'resources', { by: 'metric', unit: 'hour' });
  const trend = (figure: (means: Means) => number | null): ResourceStats['trends']['memory'] =>
    trendByHand(timed(hours, (part) => figure(meansOf(part))));
  const { start, end } = counted.query;
  return {
    timeRange: { start, end, timeZone: counted.zone },
    coverage: await coverageOf(counted, 'resources'),
    current: resources(mean),
    historical: await resourceSeries(counted),
    alerts: LIMITS.filter(([type, warning]) => now[type] >= warning).map(([type, warning, critical]) => ({
      type,
      thresholdPercent: now[type] >= critical ? critical : warning,
      currentValuePercent: close(now[type]),
      severity: now[type] >= critical ? 'critical' : 'warning',
      timestamp: end,
    })),
    trends: {
      memory: trend((of) => {
        const [used, limit] = [of('memory_used_bytes'), of('memory_limit_bytes')];
        return used === null || limit === null ? null : (100 * used) / limit;
      }),
      disk: trend((of) => of('disk_used_percent')),
      cpu: trend((of) => of('cpu_used_percent')),
    },
  };
}

/** Which calls were slow depends on a limit that a slot of the histogram may lie across: that is looked at by itself. */
export type WithoutSlow = Omit<PerformanceTrends, 'slowOperations' | 'databasePerformance'> & {
  readonly databasePerformance: Omit<PerformanceTrends['databasePerformance'], 'slowQueries' | 'topSlowQueries'>;
};

export async function expectedPerformance(counted: Counted): Promise<WithoutSlow> {
  const { start, end } = counted.query;
  const operations = await groupsOf(counted, ['performance'], 'operation');
  const statements = together([...(await groupsOf(counted, ['performance'], 'statement', 100)).values()]);
  const cache = together([...(await groupsOf(counted, ['performance'], 'cache', 100)).values()]);
  const parts = await wholeParts(counted, 'performance', { by: 'operation' });
  return {
    timeRange: { start, end, timeZone: counted.zone },
    coverage: await coverageOf(counted, 'performance', 'resources'),
    operationMetrics: Object.fromEntries(
      [...operations].map(([name, sums]) => {
        const { direction, changePercent } = trendByHand(timed(parts, ({ values }) => rawMean(values.get(name), 'duration_us')));
        const trend = ({ rising: 'degrading', falling: 'improving', stable: 'stable' } as const)[direction];
        return [name, { ...operationFigures(sums), trend, changePercent }];
      }),
    ),
    databasePerformance: {
      totalQueries: countOf(statements, 'duration_us'),
      averageQueryTimeMs: meanOf(sumOf(statements, 'duration_us'), 1e-3),
      errorRatePercent: shareOf(countOf(statements, 'failures'), countOf(statements, 'duration_us')),
      cacheHitRatePercent: shareOf(countOf(cache, 'hits'), countOf(cache, 'hits') + countOf(cache, 'misses')),
    },
    systemResourceTrends: await resourceSeries(counted),
  };
}

function operationFigures(sums: Sums): OperationFigures {
  const duration = sumOf(sums, 'duration_us');
  const failed = countOf(sums, 'failures');
  const ms = (micros: number | null): number | null => (micros === null ? null : micros / 1000);
  const [p50, p95, p99] = duration.percentiles;
  return {
    totalCalls: duration.n,
    successfulCalls: duration.n - failed,
    failedCalls: failed,
    successRatePercent: shareOf(duration.n - failed, duration.n),
    averageDurationMs: meanOf(duration, 1e-3),
    minDurationMs: close(ms(duration.low)),
    maxDurationMs: close(ms(duration.high)),
    p50DurationMs: percentile(ms(p50)),
    p95DurationMs: percentile(ms(p95)),
    p99DurationMs: percentile(ms(p99)),
  };
}
