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

/** Says what is missing in a report; nothing where nothing is. */
export function coverageNote({ coverage, timeRange }: Pick<ReportView, 'coverage' | 'timeRange'>): CoverageNote | undefined {
  if (coverage === undefined || timeRange === undefined) return undefined;
  const { watermark, aggregatedPercent, lateRows } = coverage;
  if (watermark === null)
    return {
      text: 'Nothing is counted yet: the job analytics-rollup counts once a minute where a server runs, and `handoff-otel analytics backfill` does it at once.',
      isWarning: true,
    };
  const isWarning = aggregatedPercent < NEARLY_ALL_PERCENT;
  const share = isWarning ? `, which is ${valueText(aggregatedPercent, 'percent')} of the range` : '';
  const parts = [
    ...(aggregatedPercent < ALL_PERCENT ? [`Counted until ${fullTimes(timeRange.timeZone)(watermark)}${share}.`] : []),
    ...(lateRows > 0 ? [`Late rows that are not counted yet: ${valueText(lateRows, 'count')}.`] : []),
  ];
  return parts.length === 0 ? undefined : { text: parts.join(' '), isWarning };
}
