import type { PeriodComparison, Trend, Verdict } from '../../../analytics/trends/trend.js';
import { valueText } from './values.js';

type Direction = Pick<Trend, 'direction' | 'changePercent'>;

const SIGNS = { rising: '▲ rising', falling: '▼ falling', stable: 'no trend' } as const;
/** Values are shown to a tenth. */
const LEAST_SHOWN = 0.05;

/** Says how a number compares with that of the range before, and where it is going. */
export function countNote(comparison: PeriodComparison, trend: Direction): string {
  const { previous, changePercent } = comparison;
  return `${previous === null || changePercent === null ? before(previous, 'count') : difference(changePercent, '% more', '% less')}; ${trendText(trend)}`;
}

/** The same of a share in percent: shares differ by points. */
export function shareNote({ current, previous }: PeriodComparison, trend: Direction & { readonly verdict: Verdict }): string {
  const verdict = trend.verdict === 'stable' ? '' : ` (${trend.verdict})`;
  return `${previous === null || current === null ? before(previous, 'percent') : difference(current - previous, 'percentage points higher', 'percentage points lower')}; ${trendText(trend)}${verdict}`;
}

function before(previous: number | null, unit: 'count' | 'percent'): string {
  return previous === null ? 'no data for the previous period' : `${valueText(previous, unit)} in the previous period`;
}

function difference(by: number, more: string, less: string): string {
  if (Math.abs(by) < LEAST_SHOWN) return 'as in the previous period';
  return `${valueText(Math.abs(by), 'count')} ${by > 0 ? more : less} than in the previous period`;
}

/** Where a figure is going; the change is that over the days that trends are calculated from. */
export function trendText({ direction, changePercent }: Direction): string {
  if (direction === 'stable' || changePercent === null) return SIGNS[direction];
  return `${SIGNS[direction]}, by ${valueText(Math.abs(changePercent), 'percent')} of the median`;
}
