import { medianOf } from './slope.js';

/** A value with the hour and weekday of its local time. */
export interface LocalSample {
  /** 0 to 23. */
  readonly hour: number;
  /** 1 (Monday) to 7. */
  readonly weekday: number;
  readonly value: number;
}

/** A repeating pattern. */
export interface Season {
  /** Typical values by hour (0 to 23) or weekday (1 to 7); those of which nothing is known are left out. */
  readonly typical: ReadonlyMap<number, number>;
  /** Share of the variance that the pattern explains, 0 to 1. */
  readonly strength: number;
}

export interface Seasonality {
  readonly byHour?: Season;
  readonly byWeekday?: Season;
}

/** A pattern that was seen fewer times is no pattern. */
const MIN_REPEATS = 3;

/**
 * Finds what repeats by the hour of the day and by the day of the week. A season is absent where most of its places were seen fewer than
 * three times, or where it explains no more than chance would.
 */
export function seasonalityOf(samples: readonly LocalSample[]): Seasonality {
  const byHour = seasonOf(samples.map(({ hour, value }) => [hour, value]));
  const byWeekday = seasonOf(samples.map(({ weekday, value }) => [weekday, value]));
  return { ...(byHour === undefined ? {} : { byHour }), ...(byWeekday === undefined ? {} : { byWeekday }) };
}

function seasonOf(pairs: readonly (readonly [place: number, value: number])[]): Season | undefined {
  const places = Map.groupBy(pairs, ([place]) => place);
  const seen = [...places.values()].map(({ length }) => length);
  if (places.size < 2 || medianOf(seen) < MIN_REPEATS) return undefined;
  const values = pairs.map(([, value]) => value);
  const mean = meanOf(values);
  const total = sumOfSquares(values, mean);
  let within = 0;
  for (const group of places.values()) {
    const inGroup = group.map(([, value]) => value);
    within += sumOfSquares(inGroup, meanOf(inGroup));
  }
  const freeWithin = pairs.length - places.size;
  if (total === 0 || freeWithin < 1) return undefined;
  // Adjusted for the number of places: of noise, as many places explain as much as nothing.
  const strength = 1 - within / freeWithin / (total / (pairs.length - 1));
  if (strength <= CHANCE) return undefined;
  const typical = [...places]
    .sort(([a], [b]) => a - b)
    .map(([place, group]) => [place, medianOf(group.map(([, value]) => value))] as const);
  return { typical: new Map(typical), strength };
}

const CHANCE = 0.1;

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sumOfSquares(values: readonly number[], mean: number): number {
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
