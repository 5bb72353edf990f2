import type { TimeZone } from './timeZone.js';

const CALENDAR = /^(\d{4}-\d{2}-\d{2})(T.*)?$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const AGO = /^(\d{1,5})([mhdw])$/;
const MS_PER_UNIT: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** What `readTime` takes, in the words of an error message. */
export const READABLE_TIMES =
  'a date (2026-05-01, which begins at midnight of the time zone), a time with its offset (2026-05-01T12:00:00Z), or how long ago it was: 30m, 24h, 7d, 4w';

/**
 * Reads a time as people and programs write it.
 *
 * @param agoFromMs what "how long ago" counts from
 * @returns milliseconds since the epoch, or `undefined` for what is none of these; a time without an offset would mean another
 *   instant on each machine
 */
export function readTime(text: string, zone: TimeZone, agoFromMs: number): number | undefined {
  const [, date = '', clock] = CALENDAR.exec(text) ?? [];
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  // `Date.parse` makes the second of March of the thirtieth of February.
  if (date !== '' && !new Date(Date.UTC(year, month - 1, day)).toISOString().startsWith(date)) return undefined;
  if (date !== '' && clock === undefined) return zone.startOfDate({ year, month, day });
  const [, count, unit = ''] = AGO.exec(text) ?? [];
  if (count !== undefined) return agoFromMs - Number(count) * (MS_PER_UNIT[unit] ?? 0);
  const instantMs = INSTANT.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(instantMs) ? undefined : instantMs;
}
