import type { Histogram } from '@opentelemetry/sdk-metrics';

/**
 * Merges several histograms into one, for points that are one series in Prometheus. If their bounds differ (those of an exponential
 * histogram depend on its values), only those are kept at which each of them knows its count, so no count is guessed.
 */
export function mergedHistograms(histograms: readonly Histogram[]): Histogram {
  const bounds = [...new Set(histograms.flatMap(({ buckets }) => buckets.boundaries))].toSorted((a, b) => a - b);
  const boundaries: number[] = [];
  const counts: number[] = [];
  let below = 0;
  for (const bound of bounds) {
    const upTo = histograms
      .map((histogram) => countUpTo(histogram, bound))
      .reduce<number | undefined>((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0);
    if (upTo === undefined) continue;
    boundaries.push(bound);
    counts.push(upTo - below);
    below = upTo;
  }
  const count = histograms.reduce((sum, histogram) => sum + histogram.count, 0);
  const sums = histograms.flatMap(({ sum }) => (sum === undefined ? [] : [sum]));
  return {
    buckets: { boundaries, counts: [...counts, count - below] },
    count,
    // One histogram without a sum (it can hold negative values) leaves the merged one without.
    ...(sums.length < histograms.length ? {} : { sum: sums.reduce((total, one) => total + one, 0) }),
  };
}

/** Returns how many values are not above `bound`; `undefined` when it lies inside a bucket that holds some. */
function countUpTo({ buckets: { boundaries, counts } }: Histogram, bound: number): number | undefined {
  const index = boundaries.findIndex((each) => each >= bound);
  const last = index === -1 ? boundaries.length : index;
  const below = counts.slice(0, last).reduce((sum, count) => sum + count, 0);
  const inBucket = counts[last] ?? 0;
  if (boundaries[last] === bound) return below + inBucket;
  return inBucket === 0 ? below : undefined;
}
