/** How a figure varied from round to round. */
export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @throws RangeError without values: a figure that was never measured must not print as 0. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: at(sorted, 0), median: quantile(sorted, 0.5), max: at(sorted, sorted.length - 1) };
}

export function median(values: readonly number[]): number {
  return spread(values).median;
}

/** Value of the sorted list below which `share` (0 to 1) of them lie, interpolated. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const low = at(sorted, below);
  return low + (at(sorted, Math.min(below + 1, sorted.length - 1)) - low) * (place - below);
}

function at(sorted: ArrayLike<number>, index: number): number {
  const value = sorted[index];
  if (value === undefined) throw new RangeError('nothing was measured, so there is no figure to report');
  return value;
}
