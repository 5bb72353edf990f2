import { ceilTo, floorTo, granularities } from '../rollups/granularity.js';
import type { Granularity } from '../rollups/granularity.js';
import { keptSinceMs } from '../rollups/keep.js';

/** Buckets of one size, side by side. In milliseconds since the epoch, half-open. */
export interface Segment {
  readonly granularity: Granularity;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The part of a range that buckets tell of. */
export interface Cover {
  /** What is read; together it is the range from `fromMs` to `toMs`. */
  readonly segments: readonly Segment[];
  readonly fromMs: number;
  readonly toMs: number;
}

export interface CoverOptions {
  /** Everything before is in the buckets. */
  readonly watermarkMs: number;
  readonly nowMs: number;
  /** No bucket larger than this is read, where the answer is divided into smaller parts. */
  readonly largest?: Granularity;
}

/**
 * Finds the fewest buckets that make up a range. Where minutes, or hours, are no longer kept, the range is widened to whole hours, or
 * days; what is read is said in the answer.
 */
export function coverOf(startMs: number, endMs: number, { watermarkMs, nowMs, largest = 'month' }: CoverOptions): Cover {
  const fromMs = Math.min(floorTo(smallestOf(startMs, nowMs), startMs), watermarkMs);
  const endUnit = smallestOf(endMs, nowMs);
  const toMs = Math.max(fromMs, Math.min(ceilTo(endUnit, endMs), watermarkMs));
  const sizes = granularities.slice(0, granularities.indexOf(largest) + 1);
  return { segments: fill(fromMs, toMs, sizes), fromMs, toMs };
}

function smallestOf(timeMs: number, nowMs: number): Granularity {
  if (timeMs >= keptSinceMs('minute', nowMs)) return 'minute';
  return timeMs >= keptSinceMs('hour', nowMs) ? 'hour' : 'day';
}

/** Takes whole buckets of the largest size, and fills what is left on both sides with smaller ones. */
function fill(fromMs: number, toMs: number, sizes: readonly Granularity[]): readonly Segment[] {
  const granularity = sizes.at(-1);
  if (granularity === undefined || fromMs >= toMs) return [];
  const from = ceilTo(granularity, fromMs);
  const to = floorTo(granularity, toMs);
  const smaller = sizes.slice(0, -1);
  if (from >= to) return fill(fromMs, toMs, smaller);
  return [...fill(fromMs, from, smaller), { granularity, fromMs: from, toMs: to }, ...fill(to, toMs, smaller)];
}
