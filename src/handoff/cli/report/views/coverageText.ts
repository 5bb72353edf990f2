import type { Coverage } from '../../../analytics/reports/coverage.js';
import type { TimeRange } from '../../../analytics/ranges/timeRange.js';
import { fullTimes } from './times.js';
import { valueText } from './values.js';
import type { ReportView } from './view.js';

/** How much a report tells of, in a sentence. */
export interface CoverageNote {
  readonly text: string;
  /** Whether figures may be misread without it; that the last minutes are missing is usual. */
  readonly isWarning: boolean;
}

/** From here on only the last minutes can be missing. */
const NEARLY_ALL_PERCENT = 99;
const ALL_PERCENT = 100;
/** Seconds of a range are not told: there are buckets of minutes. */
const LEAST_WIDENING_MS = 60_000;
/** Wider by more than this share of the range, figures are too high for it. */
const MUCH_WIDER = 0.01;

/** Says what is missing in a report, and what is too much; nothing where nothing is. */
export function coverageNote({ coverage, timeRange }: Pick<ReportView, 'coverage' | 'timeRange'>): CoverageNote | undefined {
  if (coverage === undefined || timeRange === undefined) return undefined;
  const { watermark, aggregatedPercent, lateRows } = coverage;
  if (watermark === null)
    return {
      text: 'Nothing has been added up yet. A running server does this once a minute (the job analytics-rollup); `handoff-otel analytics backfill` does it now.',
      isWarning: true,
    };
  const isIncomplete = aggregatedPercent < NEARLY_ALL_PERCENT;
  const share = isIncomplete ? `, which is ${valueText(aggregatedPercent, 'percent')} of the range` : '';
  const wider = widening(coverage, timeRange);
  const parts = [
    ...(wider === undefined ? [] : [wider.text]),
    ...(aggregatedPercent < ALL_PERCENT ? [`Data until ${fullTimes(timeRange.timeZone)(watermark)}${share}.`] : []),
    ...(lateRows > 0 ? [`Late rows that are not included yet: ${valueText(lateRows, 'count')}.`] : []),
  ];
  return parts.length === 0 ? undefined : { text: parts.join(' '), isWarning: isIncomplete || wider?.isWarning === true };
}

/** Of old times, what is before or after the range is counted too where it is in the same hour or day. */
function widening({ start, end }: Coverage, range: Required<TimeRange>): CoverageNote | undefined {
  // Where nothing is counted of the range, the beginning is only that of nothing.
  if (end <= start) return undefined;
  const beforeMs = range.start.getTime() - start.getTime();
  const afterMs = end.getTime() - range.end.getTime();
  const widerMs = [beforeMs, afterMs].reduce((sum, ms) => (ms >= LEAST_WIDENING_MS ? sum + ms : sum), 0);
  if (widerMs === 0) return undefined;
  const time = fullTimes(range.timeZone);
  return {
    text: `Of this time only whole hours or days are kept, so the range was widened: from ${time(start)} to ${time(end)}.`,
    isWarning: widerMs > MUCH_WIDER * (range.end.getTime() - range.start.getTime()),
  };
}
