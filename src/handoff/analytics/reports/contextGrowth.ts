import type { Measures } from '../rollups/measure.js';
import { compareCounts } from '../trends/trend.js';
import { averageOf, countOf, percentOf, percentileFigure } from './figures.js';
import { figureTrend } from './figureTrend.js';
import type { ReportReader } from './reader.js';
import type { ContextFigures, ContextStats } from './types.js';

const SIZE = 'content_bytes';

export async function contextGrowthPatterns(reader: ReportReader, trendDays: number): Promise<ContextStats> {
  const { groupBy, start, end, timeZone } = reader.query;
  const all = await reader.total('context', SIZE);
  const before = await reader.totalBefore('context');
  const total = countOf(all, SIZE);
  const grouped = async (dimension: string): Promise<Record<string, ContextFigures>> =>
    Object.fromEntries([...(await reader.groups('context', dimension))].map(([name, measures]) => [name, figuresOf(measures, total)]));
  const parts = await reader.series('context');
  const types = await reader.seriesBy('context', 'context_type');
  return {
    timeRange: { start, end, timeZone },
    coverage: reader.coverage('context'),
    totalContextEntries: total,
    totalSizeBytes: all.get(SIZE)?.total ?? 0,
    p95SizeBytes: percentileFigure(all.get(SIZE), 95),
    contentTypeDistribution: await grouped('context_type'),
    ...(groupBy === undefined ? {} : { groups: await grouped(groupBy) }),
    growthTrends: parts.map(({ timestamp, measures }, index) => ({
      timestamp,
      entryCount: countOf(measures, SIZE),
      averageSizeBytes: averageOf(measures, SIZE),
      contentTypes: Object.fromEntries([...(types[index]?.values ?? [])].map(([type, of]) => [type, countOf(of, SIZE)])),
    })),
    sizeTrends: parts.map(({ timestamp, measures }) => ({
      timestamp,
      averageSizeBytes: averageOf(measures, SIZE),
      maxSizeBytes: measures.get(SIZE)?.high ?? null,
      minSizeBytes: measures.get(SIZE)?.low ?? null,
    })),
    trend: await figureTrend(reader, trendDays, 'context', (measures) => countOf(measures, SIZE)),
    comparison: compareCounts(total, before === undefined ? null : countOf(before, SIZE)),
  };
}

function figuresOf(measures: Measures, all: number): ContextFigures {
  const count = countOf(measures, SIZE);
  return {
    count,
    averageSizeBytes: averageOf(measures, SIZE),
    totalSizeBytes: measures.get(SIZE)?.total ?? 0,
    sharePercent: percentOf(count, all),
  };
}
