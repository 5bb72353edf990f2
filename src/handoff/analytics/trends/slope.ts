import { selectRank } from './select.js';

/** A value at a time. Times are in any unit, the same for all. */
export interface Sample {
  readonly at: number;
  readonly value: number;
}

/** The slope of a series, in values for each unit of time. */
export interface Slope {
  /** The median of the slopes between all pairs (Theil–Sen): up to 29 % of the values can be wrong without moving it far. */
  readonly slope: number;
  /** The slope lies between these with 95 % confidence. */
  readonly low: number;
  readonly high: number;
  /** The value at time 0. */
  readonly intercept: number;
}

/** Pairs grow with the square: longer series are thinned out to so many samples, evenly. */
const MAX_SAMPLES = 400;
const MIN_SAMPLES = 4;
const Z_95 = 1.96;

/**
 * Calculates the robust slope of a series, with its confidence interval by Sen's method. Returns `undefined` for fewer than four samples,
 * or where all have the same time.
 */
export function slopeOf(samples: readonly Sample[]): Slope | undefined {
  const used = thinned(samples);
  const slopes = slopesOf(used);
  if (used.length < MIN_SAMPLES || slopes.length === 0) return undefined;
  const at = (rank: number): number => selectRank(slopes, Math.min(slopes.length - 1, Math.max(0, Math.round(rank))));
  const middle = Math.floor(slopes.length / 2);
  const slope = slopes.length % 2 === 1 ? at(middle) : (at(middle) + at(middle - 1)) / 2;
  // The number of concordant less discordant pairs has this deviation without a trend; values that are the same have less.
  const spread = Z_95 * Math.sqrt(kendallVariance(used));
  return {
    slope,
    low: at((slopes.length - spread) / 2 - 1),
    high: at((slopes.length + spread) / 2),
    intercept: medianOf(used.map(({ at: time, value }) => value - slope * time)),
  };
}

/** The slopes between all pairs. */
function slopesOf(samples: readonly Sample[]): Float64Array {
  const slopes = new Float64Array((samples.length * (samples.length - 1)) / 2);
  let count = 0;
  samples.forEach((a, index) => {
    for (let next = index + 1; next < samples.length; next += 1) {
      const b = samples[next];
      if (b !== undefined && b.at !== a.at) slopes[count++] = (b.value - a.value) / (b.at - a.at);
    }
  });
  return slopes.subarray(0, count);
}

/** Returns the median; `NaN` of nothing. */
export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

function thinned(samples: readonly Sample[]): readonly Sample[] {
  if (samples.length <= MAX_SAMPLES) return samples;
  const step = samples.length / MAX_SAMPLES;
  return Array.from({ length: MAX_SAMPLES }, (_, index) => samples[Math.floor(index * step)]).filter((sample) => sample !== undefined);
}

function kendallVariance(samples: readonly Sample[]): number {
  const n = samples.length;
  let ties = 0;
  for (const { length } of Map.groupBy(samples, ({ value }) => value).values()) ties += length * (length - 1) * (2 * length + 5);
  return (n * (n - 1) * (2 * n + 5) - ties) / 18;
}
