/** Sizes of buckets, in UTC, from the smallest: each is made of whole buckets of the one before. */
export const granularities = ['minute', 'hour', 'day', 'month'] as const;
export type Granularity = (typeof granularities)[number];

const FIXED_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Returns the start of the bucket that a time is in, in milliseconds since the epoch. */
export function floorTo(granularity: Granularity, timeMs: number): number {
  if (granularity !== 'month') return Math.floor(timeMs / FIXED_MS[granularity]) * FIXED_MS[granularity];
  const date = new Date(timeMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

/** Returns the end of the bucket that a time is in, which is the start of the next. */
export function endOf(granularity: Granularity, timeMs: number): number {
  if (granularity !== 'month') return floorTo(granularity, timeMs) + FIXED_MS[granularity];
  const date = new Date(timeMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}

/** Returns the start of the first bucket that begins at a time or later. */
export function ceilTo(granularity: Granularity, timeMs: number): number {
  const floor = floorTo(granularity, timeMs);
  return floor === timeMs ? timeMs : endOf(granularity, timeMs);
}
