import type { TimeRange } from '../../../analytics/ranges/timeRange.js';

const HOUR_MS = 3_600_000;
/** Up to here the time of day is shown, and up to there the day of the month. */
const MOST_HOURS = 48;
const MOST_DAYS = 200;

type Range = Required<TimeRange>;

/** Returns how the times of a range are written below a chart, where there are few of them and their places tell them apart. */
export function timeLabels({ start, end, timeZone }: Range): (time: Date) => string {
  const hours = (end.getTime() - start.getTime()) / HOUR_MS;
  const parts: Intl.DateTimeFormatOptions =
    hours <= MOST_HOURS
      ? { weekday: 'short', hour: '2-digit', minute: '2-digit' }
      : hours <= MOST_DAYS * 24
        ? { day: 'numeric', month: 'short' }
        : { month: 'short', year: 'numeric' };
  return formatter({ ...parts, timeZone });
}

/** Returns how single times are written in full, to the minute. */
export function fullTimes(timeZone: string): (time: Date) => string {
  return formatter({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone });
}

/** Says the range with its zone: `3 May 2026, 12:00 – 10 May 2026, 12:00 (UTC)`. */
export function rangeText({ start, end, timeZone }: Range): string {
  const full = fullTimes(timeZone);
  return `${full(start)} – ${full(end)} (${timeZone})`;
}

function formatter(options: Intl.DateTimeFormatOptions): (time: Date) => string {
  const format = new Intl.DateTimeFormat('en-GB', { ...options, hourCycle: 'h23' });
  return (time) => format.format(time);
}
