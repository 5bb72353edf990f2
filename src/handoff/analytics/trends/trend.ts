import { changePointsOf } from './changePoints.js';
import type { ChangePoint } from './changePoints.js';
import { medianOf, slopeOf } from './slope.js';
import type { Sample, Slope } from './slope.js';

export type TrendDirection = 'rising' | 'falling' | 'stable';

/** Where a series is going. */
export interface Trend {
  /** `stable` unless the change is certain and large enough to matter. */
  readonly direction: TrendDirection;
  /** Absent for a series that is too short. Its unit of time is that of the samples. */
  readonly slope?: Slope;
  /** What the slope adds over the whole series, in percent of the typical value; `null` where that is 0 or unknown. */
  readonly changePercent: number | null;
  readonly changePoints: readonly ChangePoint[];
}

/** A change over the whole series that is smaller matters to nobody. */
const MIN_CHANGE_PERCENT = 10;
const PERCENT = 100;

/** Calculates the trend of a series. Gaps and outliers do not matter; the samples are in the order of their times. */
export function trendOf(samples: readonly Sample[]): Trend {
  const slope = slopeOf(samples);
  const changePoints = changePointsOf(samples);
  if (slope === undefined) return { direction: 'stable', changePercent: null, changePoints };
  const typical = Math.abs(medianOf(samples.map(({ value }) => value)));
  const length = (samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0);
  const changePercent = typical === 0 ? null : ((slope.slope * length) / typical) * PERCENT;
  const isCertain = slope.low > 0 || slope.high < 0;
  const matters = changePercent === null ? slope.slope !== 0 : Math.abs(changePercent) >= MIN_CHANGE_PERCENT;
  const direction = !isCertain || !matters ? 'stable' : slope.slope > 0 ? 'rising' : 'falling';
  return { direction, slope, changePercent, changePoints };
}

export type Verdict = 'improving' | 'degrading' | 'stable';

/** Says what a trend means where less is better, as of durations. */
export function verdictOf({ direction }: Pick<Trend, 'direction'>): Verdict {
  return direction === 'rising' ? 'degrading' : direction === 'falling' ? 'improving' : 'stable';
}

/** One period beside the one before it. */
export interface PeriodComparison {
  readonly current: number | null;
  readonly previous: number | null;
  /** `null` where either is unknown, or the former is 0 or a count below 20. */
  readonly changePercent: number | null;
}

/** Two counts of 20 differ by a third or so by chance alone; percentages of fewer say nothing, and grow to hundreds and thousands. */
const LEAST_BASE = 20;

export function comparePeriods(current: number | null, previous: number | null): PeriodComparison {
  const isComparable = current !== null && previous !== null && previous !== 0;
  return { current, previous, changePercent: isComparable ? ((current - previous) / Math.abs(previous)) * PERCENT : null };
}

/** The same for counts of events, of which a few are no base for percentages: the counts themselves say more. */
export function compareCounts(current: number | null, previous: number | null): PeriodComparison {
  const compared = comparePeriods(current, previous);
  return previous === null || previous >= LEAST_BASE ? compared : { ...compared, changePercent: null };
}
