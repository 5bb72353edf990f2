import { TimeRangeError } from '../../../errors/analyticsErrors.js';
import type { TimeRangeProblem } from '../../../errors/analyticsErrors.js';
import { isRecord } from '../../../values/guards.js';
import { isTimeZone } from './timeZone.js';

/** A range of time, half-open: `start` is in it and `end` is not. */
export interface TimeRange {
  readonly start: Date;
  readonly end: Date;
  /** The IANA time zone whose hours, days, weeks and months are meant, such as `Europe/Berlin`. Default `UTC`. */
  readonly timeZone?: string;
}

/** Five years, and some days. */
const MAX_DAYS = 1830;
const DAY_MS = 86_400_000;
/** Clocks of clients are not exact: a range may end so much later than now. */
const LATEST_AHEAD_MS = 60_000;

/**
 * Returns the range with its time zone.
 *
 * @param nowMs milliseconds since the epoch
 * @throws TimeRangeError that lists all problems
 */
export function checkedRange(range: TimeRange, nowMs: number): Required<TimeRange> {
  // A caller in JavaScript may pass anything.
  const { start, end, timeZone = 'UTC' }: Partial<TimeRange> = isRecord(range) ? range : {};
  const problems: TimeRangeProblem[] = [];
  const startMs = timeOf(start);
  const endMs = timeOf(end);
  if (Number.isNaN(startMs)) problems.push({ path: 'start', problem: 'is not a time', allowed: 'a Date' });
  if (Number.isNaN(endMs)) problems.push({ path: 'end', problem: 'is not a time', allowed: 'a Date' });
  if (endMs <= startMs)
    problems.push({
      path: 'end',
      problem: 'is not after the beginning of the range',
      allowed: `later than ${new Date(startMs).toISOString()}`,
    });
  if (endMs - startMs > MAX_DAYS * DAY_MS)
    problems.push({ path: 'start', problem: 'makes the range too long', allowed: `at most ${MAX_DAYS} days before the end of the range` });
  if (startMs > nowMs)
    problems.push({ path: 'start', problem: 'is in the future', allowed: `not later than now, ${new Date(nowMs).toISOString()}` });
  else if (endMs > nowMs + LATEST_AHEAD_MS)
    problems.push({ path: 'end', problem: 'is in the future', allowed: `not later than now, ${new Date(nowMs).toISOString()}` });
  if (!isTimeZone(timeZone))
    problems.push({ path: 'timeZone', problem: 'is not a time zone', allowed: 'an IANA name such as Europe/Berlin, or UTC' });
  if (problems.length > 0) throw new TimeRangeError(problems);
  return { start: new Date(startMs), end: new Date(endMs), timeZone };
}

/** In milliseconds since the epoch; `NaN` for anything but a Date. */
function timeOf(value: unknown): number {
  return value instanceof Date ? value.getTime() : Number.NaN;
}
