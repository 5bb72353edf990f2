import { endOf, floorTo } from '../rollups/granularity.js';
import { keptSinceMs, smallestKept } from '../rollups/keep.js';
import type { TimeUnit, TimeZone } from './timeZone.js';

/** A part of a range in local time. In milliseconds since the epoch, half-open. */
export interface Part {
  /** The unit of local time, of which the first and the last part may have less. */
  readonly startMs: number;
  readonly endMs: number;
  /** What counts in the part: from where a bucket begins to where one ends. */
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * Divides what is covered of a range into parts of local time. Hours of which only days are known are left out.
 *
 * @param range begins and ends where buckets do
 */
export function partsOf(
  zone: TimeZone,
  unit: TimeUnit,
  range: { readonly fromMs: number; readonly toMs: number },
  nowMs: number,
): readonly Part[] {
  const parts: Part[] = [];
  let fromMs = unit === 'hour' ? Math.max(range.fromMs, keptSinceMs('hour', nowMs)) : range.fromMs;
  for (let atMs = fromMs; atMs < range.toMs; ) {
    const endMs = zone.endOf(unit, atMs);
    const toMs = Math.min(range.toMs, nearestBoundary(endMs, nowMs));
    // Where the nearest boundary is the same for both ends, nothing can count in the part, and it would say 0 of a time with activity.
    if (toMs > fromMs) parts.push({ startMs: zone.startOf(unit, atMs), endMs, fromMs, toMs });
    [atMs, fromMs] = [endMs, toMs];
  }
  return parts;
}

/**
 * Where a bucket begins or ends that is kept, next to a time: its middle decides in which part it counts. So where only hours or days are
 * kept, a part begins and ends with the nearest of them.
 */
function nearestBoundary(timeMs: number, nowMs: number): number {
  const smallest = smallestKept(timeMs, nowMs);
  const startMs = floorTo(smallest, timeMs);
  const endMs = endOf(smallest, startMs);
  return timeMs - startMs <= endMs - timeMs ? startMs : endMs;
}

/** The part that a bucket counts in, of parts in their order. */
export function partAt(parts: readonly Part[], bucketMs: number): Part | undefined {
  let [low, high] = [0, parts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((parts[middle]?.toMs ?? Infinity) <= bucketMs) low = middle + 1;
    else high = middle;
  }
  return parts[low];
}
