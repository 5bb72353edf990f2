import type { HrTime } from '@opentelemetry/api';

/** From 2000 to 2100: seconds, milliseconds, microseconds and nanoseconds of this range do not overlap. */
const MIN_SECONDS = 946_684_800;
const MAX_SECONDS = 4_102_444_800;
/** Decimal places of each unit relative to seconds. */
const UNITS = [0, 3, 6, 9];

/** Without an offset it is the local time of an unknown time zone. */
const WITH_OFFSET = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,](\d{1,9})\d*)?)?\s?(?:Z|[+-]\d\d(?::?\d\d)?)$/i;

/**
 * Returns the time in the part of a line that a logger's `timestamp` function has written, `,"time":1700000000123` by default.
 *
 * pino does not say in which unit a time is (`stdTimeFunctions.unixTime` writes seconds), so the unit is the one in which the value
 * lies between 2000 and 2100. Texts count when they have an offset. Returns `undefined`, for which the time of arrival is used,
 * when no part of it is a time. The time is in seconds and nanoseconds, since OpenTelemetry takes a number from before the start of
 * the process for an offset.
 */
export function pinoTime(written: unknown): HrTime | undefined {
  if (typeof written !== 'string' || written === '') return undefined;
  const value = written.slice(written.indexOf(':') + 1);
  const ms = Number(value);
  // What nearly every logger writes.
  if (Number.isInteger(ms) && ms >= MIN_SECONDS * 1000 && ms < MAX_SECONDS * 1000) {
    const seconds = Math.floor(ms / 1000);
    return [seconds, (ms - seconds * 1000) * 1e6];
  }
  return timeOf(value) ?? timeOfFields(written);
}

/** Functions of the host may write a text, another key, or several. */
function timeOfFields(written: string): HrTime | undefined {
  try {
    const fields = JSON.parse(`{${written.replace(/^\s*,/, '')}}`) as Readonly<Record<string, unknown>>;
    const values = ['time', ...Object.keys(fields)].map((key) => fields[key]);
    for (const value of values) {
      const found = typeof value === 'string' || typeof value === 'number' ? (timeOf(String(value)) ?? textTime(String(value))) : undefined;
      if (found !== undefined) return found;
    }
  } catch {
    // It is not JSON, and then the line is not either.
  }
  return undefined;
}

/** The text is digits, perhaps with a fraction. It is split as text, since a double does not hold nanoseconds. */
function timeOf(text: string): HrTime | undefined {
  const value = Number(text);
  const places = UNITS.find((each) => value >= MIN_SECONDS * 10 ** each && value < MAX_SECONDS * 10 ** each);
  if (places === undefined || !/^\d+(?:\.\d*)?$/.test(text)) return undefined;
  const [whole = '', fraction = ''] = text.split('.');
  const end = whole.length - places;
  return [Number(whole.slice(0, end)), nanoseconds(whole.slice(end) + fraction)];
}

function textTime(text: string): HrTime | undefined {
  const match = WITH_OFFSET.exec(text.trim());
  if (match === null) return undefined;
  const ms = Date.parse(text.trim().replace(',', '.'));
  const seconds = Math.floor(ms / 1000);
  return seconds >= MIN_SECONDS && seconds < MAX_SECONDS ? [seconds, nanoseconds(match[1] ?? '')] : undefined;
}

function nanoseconds(digits: string): number {
  return Number(digits.slice(0, 9).padEnd(9, '0'));
}
