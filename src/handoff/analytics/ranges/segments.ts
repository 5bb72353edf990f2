import { ceilTo, floorTo, granularities } from '../rollups/granularity.js';
import type { Granularity } from '../rollups/granularity.js';
import { smallestKept } from '../rollups/keep.js';

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

/**
 * Finds the fewest buckets that make up a range. Where minutes, or hours, are no longer kept, the range is widened to whole hours, or
 * days; what is read is said in the answer.
 *
 * @param watermarkMs everything before is in the buckets
 */
export function coverOf(startMs: number, endMs: number, { watermarkMs, nowMs }: { watermarkMs: number; nowMs: number }): Cover {
  const wide = widened(startMs, endMs, nowMs);
  const fromMs = Math.min(wide.fromMs, watermarkMs);
  const toMs = Math.max(fromMs, Math.min(wide.toMs, watermarkMs));
  return { segments: fewest([{ fromMs, toMs }]), fromMs, toMs };
}

/** The range in whole buckets of the smallest size that is kept of its ends. */
function widened(startMs: number, endMs: number, nowMs: number): Pick<Segment, 'fromMs' | 'toMs'> {
  return { fromMs: floorTo(smallestKept(startMs, nowMs), startMs), toMs: ceilTo(smallestKept(endMs, nowMs), endMs) };
}

/** The fewest buckets that make up some ranges without reaching from one into the next. Ranges begin and end where kept buckets do. */
export function fewest(ranges: readonly Pick<Segment, 'fromMs' | 'toMs'>[]): readonly Segment[] {
  const joined: Segment[] = [];
  for (const segment of ranges.flatMap(({ fromMs, toMs }) => fill(fromMs, toMs, granularities))) {
    const last = joined.at(-1);
    if (last?.granularity === segment.granularity && last.toMs === segment.fromMs)
      joined[joined.length - 1] = { ...last, toMs: segment.toMs };
    else joined.push(segment);
  }
  return joined;
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
