import type { HistogramPoint } from '../../../testing/records.js';

/**
 * Estimates a quantile (0 to 1) of a histogram by assuming that values are spread evenly within their bucket, as Prometheus'
 * `histogram_quantile` does; the recorded minimum and maximum bound the two open ends. Undefined without values.
 */
export function estimateQuantile(
  point: Pick<HistogramPoint, 'bucketCounts' | 'explicitBounds' | 'min' | 'max'>,
  quantile: number,
): number | undefined {
  const total = point.bucketCounts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return undefined;
  const rank = Math.min(1, Math.max(0, quantile)) * total;
  let below = 0;
  for (const [index, count] of point.bucketCounts.entries()) {
    if (count > 0 && below + count >= rank) {
      const { low, high } = edgesOf(point, index);
      return low + (high - low) * ((rank - below) / count);
    }
    below += count;
  }
  return undefined;
}

function edgesOf(
  point: Pick<HistogramPoint, 'explicitBounds' | 'min' | 'max'>,
  index: number,
): { readonly low: number; readonly high: number } {
  const lowest = point.min ?? Math.min(0, point.explicitBounds[0] ?? 0);
  const highest = point.max ?? point.explicitBounds.at(-1) ?? lowest;
  const low = Math.max(index === 0 ? lowest : (point.explicitBounds[index - 1] ?? lowest), lowest);
  const high = Math.min(point.explicitBounds[index] ?? highest, highest);
  return { low, high: Math.max(low, high) };
}
