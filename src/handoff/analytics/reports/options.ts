import { TimeRangeError } from '../../../errors/analyticsErrors.js';
import type { ReportName } from '../../../telemetry/catalogue/analytics.js';
import type { TimeRange } from '../ranges/timeRange.js';
import { timeUnits } from '../ranges/timeZone.js';
import type { TimeUnit } from '../ranges/timeZone.js';

/** What an answer can be grouped by. `tool` is the operation that a tool calls: performance is told by operation in any case. */
export const groupings = ['agent', 'target_agent', 'route', 'request_type', 'context_type', 'retention_policy', 'tool'] as const;
export type Grouping = (typeof groupings)[number];

/** What each report can be grouped by. */
export const groupingsOf: Readonly<Record<ReportName, readonly Grouping[]>> = {
  sessions: ['agent', 'retention_policy'],
  handoffs: ['agent', 'target_agent', 'route', 'request_type'],
  context: ['agent', 'context_type'],
  performance: ['tool'],
  resources: [],
};

/** What is asked: a range, and how the answer is divided. */
export interface ReportQuery extends TimeRange {
  /** Size of the parts of each series, in local time of the range's zone. Default: the largest that divides the range into 24 or more. */
  readonly granularity?: TimeUnit;
  readonly groupBy?: Grouping;
  /** Groups that the answer names, 1 to 100; the others are together as `_OTHER`. Default 20. */
  readonly maxGroups?: number;
}

export const DEFAULT_GROUPS = 20;
export const MAX_GROUPS = 100;
const HOUR_MS = 3_600_000;
const MIN_PARTS = 24;
const HOURS_PER_UNIT = { month: 730, week: 168, day: 24, hour: 1 } as const;
/** Parts of a series: what a chart can show, and what an answer can hold. */
const MAX_PARTS = 2000;

/**
 * Returns the options with their defaults.
 *
 * @throws TimeRangeError for a grouping that the report does not have, and for a granularity that makes too many parts
 */
export function checkedOptions(report: ReportName, query: ReportQuery): Required<Pick<ReportQuery, 'granularity' | 'maxGroups'>> {
  const { groupBy, maxGroups = DEFAULT_GROUPS, granularity } = query;
  if (groupBy !== undefined && !groupingsOf[report].includes(groupBy))
    throw new TimeRangeError([{ path: 'groupBy', problem: `does not go with ${report}`, allowed: allowedGroupings(report) }]);
  if (!Number.isInteger(maxGroups) || maxGroups < 1 || maxGroups > MAX_GROUPS)
    throw new TimeRangeError([{ path: 'maxGroups', problem: 'is out of range', allowed: `a whole number from 1 to ${MAX_GROUPS}` }]);
  if (granularity === undefined) return { granularity: defaultGranularity(query), maxGroups };
  if (!timeUnits.includes(granularity))
    throw new TimeRangeError([{ path: 'granularity', problem: 'is no unit of time', allowed: `one of ${timeUnits.join(', ')}` }]);
  if (hoursOf(query) / HOURS_PER_UNIT[granularity] > MAX_PARTS)
    throw new TimeRangeError([{ path: 'granularity', problem: 'is too small for the range', allowed: `at most ${MAX_PARTS} parts` }]);
  return { granularity, maxGroups };
}

/** The largest unit that divides a range into 24 parts or more. */
export function defaultGranularity(range: Pick<TimeRange, 'start' | 'end'>): TimeUnit {
  const fits = (unit: keyof typeof HOURS_PER_UNIT): boolean => hoursOf(range) / HOURS_PER_UNIT[unit] >= MIN_PARTS;
  return (['month', 'week', 'day'] as const).find(fits) ?? 'hour';
}

function hoursOf({ start, end }: Pick<TimeRange, 'start' | 'end'>): number {
  return (end.getTime() - start.getTime()) / HOUR_MS;
}

function allowedGroupings(report: ReportName): string {
  return groupingsOf[report].length === 0 ? 'no grouping' : `one of ${groupingsOf[report].join(', ')}`;
}
