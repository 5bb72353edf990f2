import type { Measures } from '../rollups/measure.js';
import { comparePeriods } from '../trends/trend.js';
import type { Verdict } from '../trends/trend.js';
import { averageOf, countOf, percentOf, percentileFigure } from './figures.js';
import { figureTrend } from './figureTrend.js';
import type { ReportReader } from './reader.js';
import type { HandoffFigures, HandoffStats } from './types.js';

const MS_PER_MICRO = 1e-3;

export async function handoffSuccessRates(reader: ReportReader, trendDays: number): Promise<HandoffStats> {
  const { groupBy, start, end, timeZone } = reader.query;
  const all = await reader.total('handoffs', 'answer_us');
  const context = await reader.total('context');
  const before = await reader.totalBefore('handoffs');
  const trend = await figureTrend(reader, trendDays, 'handoffs', successRate);
  const grouped = async (dimension: string): Promise<Record<string, HandoffFigures>> =>
    Object.fromEntries([...(await reader.groups('handoffs', dimension))].map(([name, measures]) => [name, figuresOf(measures)]));
  return {
    timeRange: { start, end, timeZone },
    coverage: reader.coverage('handoffs'),
    ...figuresOf(all),
    p95ProcessingTimeMs: percentileFigure(all.get('answer_us'), 95, MS_PER_MICRO),
    averageContextEntries: averageOf(context, 'handed_over_entries'),
    handoffsByRoute: await grouped('route'),
    failureReasons: { rejected: countOf(all, 'rejected'), timed_out: countOf(all, 'timed_out') },
    ...(groupBy === undefined ? {} : { groups: await grouped(groupBy) }),
    handoffTrends: (await reader.series('handoffs')).map(({ timestamp, measures }) => ({ timestamp, ...figuresOf(measures) })),
    trend: { ...trend, verdict: VERDICTS[trend.direction] },
    comparison: comparePeriods(successRate(all), before === undefined ? null : successRate(before)),
  };
}

const VERDICTS: Readonly<Record<'rising' | 'falling' | 'stable', Verdict>> = {
  rising: 'improving',
  falling: 'degrading',
  stable: 'stable',
};

function failedOf(measures: Measures): number {
  return countOf(measures, 'rejected') + countOf(measures, 'timed_out');
}

function successRate(measures: Measures): number | null {
  const successful = countOf(measures, 'accepted');
  return percentOf(successful, successful + failedOf(measures));
}

function figuresOf(measures: Measures): HandoffFigures {
  return {
    totalHandoffs: countOf(measures, 'requested'),
    successfulHandoffs: countOf(measures, 'accepted'),
    failedHandoffs: failedOf(measures),
    successRatePercent: successRate(measures),
    averageProcessingTimeMs: averageOf(measures, 'answer_us', MS_PER_MICRO),
  };
}
