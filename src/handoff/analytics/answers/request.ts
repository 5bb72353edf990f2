import { TimeRangeError } from '../../../errors/analyticsErrors.js';
import { READABLE_TIMES, readTime } from '../ranges/readTime.js';
import { TimeZone, isTimeZone } from '../ranges/timeZone.js';
import { checkedRange } from '../ranges/timeRange.js';
import type { TimeUnit } from '../ranges/timeZone.js';
import { checkedOptions } from '../reports/options.js';
import type { Grouping, ReportQuery } from '../reports/options.js';
import { isRanged } from './analyticsTypes.js';
import type { AnalyticsType } from './analyticsTypes.js';

/** A question as it comes from a client or a command line. */
export interface AnalyticsRequest {
  /** The beginning of the range, as `readTime` takes it; "so long ago" is so long before `to`. Default: 7 days before `to`. */
  readonly from?: string | undefined;
  /** The end. Default: now. */
  readonly to?: string | undefined;
  /** IANA name. Default `UTC`. */
  readonly timeZone?: string | undefined;
  readonly granularity?: TimeUnit | undefined;
  readonly groupBy?: Grouping | undefined;
  readonly maxGroups?: number | undefined;
}

/** The range of a question that names none, in days. */
export const DEFAULT_RANGE_DAYS = 7;
const DEFAULT_RANGE_MS = DEFAULT_RANGE_DAYS * 86_400_000;

/**
 * Returns what a report is asked.
 *
 * @param nowMs milliseconds since the epoch
 * @throws TimeRangeError for what is no time and no time zone, by the names of the request
 */
export function readRequest({ from, to, timeZone = 'UTC', granularity, groupBy, maxGroups }: AnalyticsRequest, nowMs: number): ReportQuery {
  if (!isTimeZone(timeZone))
    throw new TimeRangeError([{ path: 'timeZone', problem: 'is not a time zone', allowed: 'an IANA name such as Europe/Berlin, or UTC' }]);
  const zone = new TimeZone(timeZone);
  const endMs = to === undefined ? nowMs : readTime(to, zone, nowMs);
  const startMs = from === undefined ? (endMs ?? nowMs) - DEFAULT_RANGE_MS : readTime(from, zone, endMs ?? nowMs);
  if (startMs === undefined || endMs === undefined)
    throw new TimeRangeError([
      ...(startMs === undefined ? [{ path: 'from', problem: 'is not a time', allowed: READABLE_TIMES }] : []),
      ...(endMs === undefined ? [{ path: 'to', problem: 'is not a time', allowed: READABLE_TIMES }] : []),
    ]);
  return {
    start: new Date(startMs),
    end: new Date(endMs),
    timeZone,
    ...(granularity === undefined ? {} : { granularity }),
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(maxGroups === undefined ? {} : { maxGroups }),
  };
}

/** Throws a `TimeRangeError` that names what was given. */
export function refuseRange(type: string, request: AnalyticsRequest): void {
  const given = Object.entries(request).flatMap(([path, value]) => (value === undefined ? [] : [path]));
  if (given.length > 0)
    throw new TimeRangeError(given.map((path) => ({ path, problem: `does not go with ${type}`, allowed: 'nothing: it tells of now' })));
}

/**
 * Checks all of a question that can be checked without an answer. Rejects with what asking it would be refused with.
 *
 * @param nowMs milliseconds since the epoch
 */
export function requireAskable(type: AnalyticsType, request: AnalyticsRequest, nowMs: number): Promise<void> {
  return inTermsOfRequest(async () => {
    if (!isRanged(type)) return refuseRange(type, request);
    const query = readRequest(request, nowMs);
    checkedRange(query, nowMs);
    checkedOptions(type, query);
  });
}

const NAMES: Readonly<Record<string, string>> = { start: 'from', end: 'to' };

/** Runs `work` on a request; a `TimeRangeError` then names the values of a range as the request does. */
export async function inTermsOfRequest<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TimeRangeError)) throw error;
    throw new TimeRangeError(error.data.problems.map((problem) => ({ ...problem, path: NAMES[problem.path] ?? problem.path })));
  }
}
