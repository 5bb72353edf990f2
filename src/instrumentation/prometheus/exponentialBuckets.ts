import type { ExponentialHistogram, Histogram } from '@opentelemetry/sdk-metrics';

/**
 * Returns an exponential histogram as one with explicit buckets, which is all the text formats can carry.
 *
 * Bounds are powers of two: those are bounds of every scale from 0 up, so no count is guessed, and they stay the same while the SDK
 * lowers the scale as values spread, which rates and quantiles over time need. Below scale 0 they are the coarser bounds of that
 * scale. Zero and negative values lie below the bound 0.
 */
export function explicitBuckets({ scale, zeroCount, positive, negative, count, sum, min, max }: ExponentialHistogram): Histogram {
  const shown = Math.min(scale, 0);
  const atOrBelowZero = zeroCount + negative.bucketCounts.reduce((total, one) => total + one, 0);
  const boundaries = [0];
  const counts = [atOrBelowZero];
  for (const [position, inBucket] of positive.bucketCounts.entries()) {
    // Bucket i of a scale ends at 2^((i+1) * 2^-scale); its coarser one is found by shifting, which rounds down.
    const index = (positive.offset + position) >> (scale - shown);
    const bound = 2 ** ((index + 1) * 2 ** -shown);
    if (boundaries.at(-1) === bound) counts[counts.length - 1] = (counts.at(-1) ?? 0) + inBucket;
    else {
      boundaries.push(bound);
      counts.push(inBucket);
    }
  }
  return {
    buckets: { boundaries, counts: [...counts, 0] },
    count,
    ...(sum === undefined ? {} : { sum }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
  };
}
