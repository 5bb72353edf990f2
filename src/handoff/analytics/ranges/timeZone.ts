/** Units of local time into which a range is divided. Weeks begin on Monday. */
export const timeUnits = ['hour', 'day', 'week', 'month'] as const;
export type TimeUnit = (typeof timeUnits)[number];

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS_PER_WEEK = 7;

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A time as the clocks of one zone show it. */
export interface LocalTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** 1 (Monday) to 7. */
  readonly weekday: number;
}

/** Converts between instants and the local time of one zone, with its changes to and from daylight-saving time. */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat | undefined;
  /** By how much clocks are ahead at the start of days of UTC: to ask what they show takes longer than all the rest of a part. */
  readonly #offsetsMs = new Map<number, number>();

  constructor(name: string) {
    this.#format = name === 'UTC' ? undefined : clockOf(name);
  }

  localTime(timeMs: number): LocalTime {
    const local = new Date(timeMs + this.#offsetMs(timeMs));
    return {
      year: local.getUTCFullYear(),
      month: local.getUTCMonth() + 1,
      day: local.getUTCDate(),
      hour: local.getUTCHours(),
      minute: local.getUTCMinutes(),
      weekday: local.getUTCDay() || DAYS_PER_WEEK,
    };
  }

  /** Returns the start of the unit of local time that an instant is in, in milliseconds since the epoch. */
  startOf(unit: TimeUnit, timeMs: number): number {
    const { year, month, day, weekday, minute } = this.localTime(timeMs);
    if (unit === 'hour') return timeMs - (timeMs % MINUTE_MS) - minute * MINUTE_MS;
    return this.#instantOf(year, month, unit === 'month' ? 1 : unit === 'week' ? day - weekday + 1 : day);
  }

  /** Returns the start of a day of the calendar, in milliseconds since the epoch. `month` is 1 to 12. */
  startOfDate({ year, month, day }: Pick<LocalTime, 'year' | 'month' | 'day'>): number {
    return this.#instantOf(year, month, day);
  }

  /** Returns the start of the next unit. A day has 23, 24 or 25 hours. */
  endOf(unit: TimeUnit, timeMs: number): number {
    const { year, month, day, weekday } = this.localTime(timeMs);
    if (unit === 'hour') return this.startOf('hour', timeMs) + HOUR_MS;
    if (unit === 'month') return this.#instantOf(year, month + 1, 1);
    return this.#instantOf(year, month, unit === 'week' ? day - weekday + 1 + DAYS_PER_WEEK : day + 1);
  }

  /**
   * The first instant of a local day. Clocks may be changed within a day of it, also at midnight: the offset is the one of before or that
   * of afterwards, and of two midnights the first counts. Where midnight is left out, the day begins when clocks are put forward.
   */
  #instantOf(year: number, month: number, day: number): number {
    const midnight = Date.UTC(year, month - 1, day);
    const [first = midnight, second = midnight] = [midnight - DAY_MS, midnight + DAY_MS]
      .map((timeMs) => midnight - this.#offsetMs(timeMs))
      .sort((a, b) => a - b);
    const local = this.localTime(first);
    return Date.UTC(local.year, local.month - 1, local.day) === midnight ? first : second;
  }

  /** By how much local clocks are ahead of UTC. No zone changes them, and changes them back, within a day. */
  #offsetMs(timeMs: number): number {
    if (this.#format === undefined) return 0;
    const day = Math.floor(timeMs / DAY_MS);
    const offsetMs = this.#offsetAtDayMs(this.#format, day);
    return offsetMs === this.#offsetAtDayMs(this.#format, day + 1) ? offsetMs : offsetShown(this.#format, timeMs);
  }

  #offsetAtDayMs(format: Intl.DateTimeFormat, day: number): number {
    const known = this.#offsetsMs.get(day);
    if (known !== undefined) return known;
    const offsetMs = offsetShown(format, day * DAY_MS);
    this.#offsetsMs.set(day, offsetMs);
    return offsetMs;
  }
}

function clockOf(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    era: 'short',
  });
}

function offsetShown(format: Intl.DateTimeFormat, timeMs: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(timeMs)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;
}
