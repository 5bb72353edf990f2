import { floorTo } from './granularity.js';
import type { Granularity } from './granularity.js';

/** For how long buckets are kept; those of days and months stay for good. In days. */
export const KEPT_DAYS = { minute: 8, hour: 400 } as const;

const DAY_MS = 86_400_000;

/** The time before which buckets of a size are not kept, in milliseconds since the epoch. Whole days: what is cut off is cut off whole. */
export function keptSinceMs(granularity: keyof typeof KEPT_DAYS, nowMs: number): number {
  return floorTo('day', nowMs - KEPT_DAYS[granularity] * DAY_MS);
}

/** The smallest buckets that are kept of a time: what lies in one of them is made anew together. */
export function smallestKept(timeMs: number, nowMs: number): Granularity {
  if (timeMs >= keptSinceMs('minute', nowMs)) return 'minute';
  return timeMs >= keptSinceMs('hour', nowMs) ? 'hour' : 'day';
}
