import type { Measures } from '../rollups/measure.js';
import { addMeasures } from '../rollups/measure.js';
import { countAbove } from '../sketches/slots.js';
import { verdictOf } from '../trends/trend.js';
import { averageOf, countOf, percentOf, percentileFigure } from './figures.js';
import { trendOfPoints } from './figureTrend.js';
import type { ReportReader } from './reader.js';
import { meansOf, resourceFigures } from './samples.js';
import type { OperationFigures, PerformanceTrends } from './types.js';

const MS_PER_MICRO = 1e-3;
const SLOW_OPERATION_US = 2_000_000;
const SLOW_STATEMENT_US = 500_000;
const TOP = 10;
/** Shorter windows are looked at by hours. */
const MIN_DAYS = 8;

export async function performanceTrends(reader: ReportReader, trendDays: number): Promise<PerformanceTrends> {
  const { start, end, timeZone } = reader.query;
  const operations = await reader.groups('performance', 'operation', { histogramOf: 'duration_us' });
  const statements = await reader.groups('performance', 'statement', { maxGroups: 100, histogramOf: 'duration_us' });
  const cache = allOf(await reader.groups('performance', 'cache', { maxGroups: 100 }));
  const hits = countOf(cache, 'hits');
  return {
    timeRange: { start, end, timeZone },
    coverage: reader.coverage('performance', 'resources'),
    operationMetrics: await withTrends(reader, operations, trendDays),
    databasePerformance: {
      ...databaseFigures(statements),
      cacheHitRatePercent: percentOf(hits, hits + countOf(cache, 'misses')),
    },
    systemResourceTrends: (await reader.seriesBy('resources', 'metric')).map(({ timestamp, values }) => ({
      timestamp,
      ...resourceFigures(meansOf(values)),
    })),
    slowOperations: slowest(operations, SLOW_OPERATION_US).map(({ name, slow, measures }) => ({
      operation: name,
      slowCalls: slow,
      maxDurationMs: (measures.get('duration_us')?.high ?? 0) * MS_PER_MICRO,
    })),
  };
}

async function withTrends(
  reader: ReportReader,
  operations: ReadonlyMap<string, Measures>,
  trendDays: number,
): Promise<PerformanceTrends['operationMetrics']> {
  const { start, end } = reader.query;
  const isLong = Math.min(trendDays, (end.getTime() - start.getTime()) / 86_400_000) >= MIN_DAYS;
  const points = await reader.lastDays(trendDays, isLong ? 'day' : 'hour').seriesBy('performance', 'operation');
  return Object.fromEntries(
    [...operations].map(([name, measures]) => {
      const trend = trendOfPoints(points, ({ values }) => averageOf(values.get(name), 'duration_us'));
      return [name, { ...figuresOf(measures), trend: verdictOf(trend), changePercent: trend.changePercent }];
    }),
  );
}

function figuresOf(measures: Measures): OperationFigures {
  const duration = measures.get('duration_us');
  const totalCalls = duration?.n ?? 0;
  const failedCalls = countOf(measures, 'failures');
  const percentile = (percent: number): number | null => percentileFigure(duration, percent, MS_PER_MICRO);
  return {
    totalCalls,
    successfulCalls: totalCalls - failedCalls,
    failedCalls,
    successRatePercent: percentOf(totalCalls - failedCalls, totalCalls),
    averageDurationMs: averageOf(measures, 'duration_us', MS_PER_MICRO),
    minDurationMs: duration?.low === undefined ? null : duration.low * MS_PER_MICRO,
    maxDurationMs: duration?.high === undefined ? null : duration.high * MS_PER_MICRO,
    p50DurationMs: percentile(50),
    p95DurationMs: percentile(95),
    p99DurationMs: percentile(99),
  };
}

function databaseFigures(statements: ReadonlyMap<string, Measures>): Omit<PerformanceTrends['databasePerformance'], 'cacheHitRatePercent'> {
  const all = allOf(statements);
  const totalQueries = countOf(all, 'duration_us');
  const slow = slowest(statements, SLOW_STATEMENT_US);
  return {
    totalQueries,
    slowQueries: slow.reduce((sum, { slow: some }) => sum + some, 0),
    averageQueryTimeMs: averageOf(all, 'duration_us', MS_PER_MICRO),
    errorRatePercent: percentOf(countOf(all, 'failures'), totalQueries),
    topSlowQueries: slow.slice(0, TOP).map(({ name, slow: count, measures }) => ({
      queryPattern: name,
      averageDurationMs: averageOf(measures, 'duration_us', MS_PER_MICRO),
      p95DurationMs: percentileFigure(measures.get('duration_us'), 95, MS_PER_MICRO),
      count,
    })),
  };
}

function slowest(groups: ReadonlyMap<string, Measures>, limitUs: number): { name: string; slow: number; measures: Measures }[] {
  return [...groups]
    .map(([name, measures]) => ({ name, slow: countAbove(measures.get('duration_us')?.slots ?? new Map(), limitUs), measures }))
    .filter(({ slow }) => slow > 0)
    .sort((a, b) => b.slow - a.slow);
}

function allOf(groups: ReadonlyMap<string, Measures>): Measures {
  const all: Measures = new Map();
  for (const measures of groups.values()) addMeasures(all, measures);
  return all;
}
