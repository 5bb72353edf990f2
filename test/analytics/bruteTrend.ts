import type { Trend } from '../../src/handoff/analytics/trends/trend.js';
import type { Seasonality } from '../../src/handoff/analytics/trends/seasonality.js';
import { close } from './close.js';

/** A value with its time in days. */
export interface Timed {
  readonly at: number;
  readonly value: number;
}

const DRAWN = 400;

/** The trend by its definition: medians by sorting, and all pairs of values. */
export function trendByHand(samples: readonly Timed[]): Trend {
  const changePoints = changesByHand(samples).map(({ at, before, after }) => ({
    at: close(at),
    before: close(before),
    after: close(after),
  }));
  const drawn =
    samples.length <= DRAWN ? samples : Array.from({ length: DRAWN }, (_, n) => samples[Math.floor((n * samples.length) / DRAWN)] as Timed);
  const slopes = drawn.flatMap((a, n) => drawn.slice(n + 1).map((b) => (b.value - a.value) / (b.at - a.at))).sort((a, b) => a - b);
  if (drawn.length < 4) return { direction: 'stable', changePercent: null, changePoints };
  const slope = middle(slopes);
  // Kendall's statistic without a trend, corrected for values that are the same.
  const ties = [...Map.groupBy(drawn, ({ value }) => value).values()].map(({ length }) => length * (length - 1) * (2 * length + 5));
  const variance = (drawn.length * (drawn.length - 1) * (2 * drawn.length + 5) - ties.reduce((a, b) => a + b, 0)) / 18;
  const rank = (side: number): number =>
    Math.min(slopes.length - 1, Math.max(0, Math.round((slopes.length + side * 1.96 * Math.sqrt(variance)) / 2 + Math.min(side, 0))));
  const [low = slope, high = slope] = [slopes[rank(-1)], slopes[rank(1)]];
  const typical = Math.abs(middle(samples.map(({ value }) => value)));
  const added = slope * ((samples.at(-1)?.at ?? 0) - (samples[0]?.at ?? 0));
  const changePercent = typical === 0 ? null : (100 * added) / typical;
  const isCertain = low > 0 || high < 0;
  const isLarge = changePercent === null ? slope !== 0 : Math.abs(changePercent) >= 10;
  return {
    direction: isCertain && isLarge ? (slope > 0 ? 'rising' : 'falling') : 'stable',
    slope: {
      slope: close(slope),
      low: close(low),
      high: close(high),
      intercept: close(middle(drawn.map(({ at, value }) => value - slope * at))),
    },
    changePercent: close(changePercent),
    changePoints,
  };
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? NaN) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? NaN)) / 2;
}

interface Change {
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

/** Pettitt's statistic as the sum of signs of all pairs across a cut; cuts in order of their depth, the earlier side first. */
function changesByHand(samples: readonly Timed[]): readonly Change[] {
  const cuts: number[] = [];
  const waiting: (readonly [number, number])[] = [[0, samples.length]];
  for (let next = waiting.shift(); next !== undefined && cuts.length < 10; next = waiting.shift()) {
    const [from, to] = next;
    const cut = mostSignificant(samples.slice(from, to).map(({ value }) => value));
    if (cut === undefined) continue;
    cuts.push(from + cut);
    waiting.push([from, from + cut], [from + cut, to]);
  }
  cuts.sort((a, b) => a - b);
  const level = (from: number, to: number): number => middle(samples.slice(from, to).map(({ value }) => value));
  return cuts.map((cut, n) => ({
    at: samples[cut]?.at ?? NaN,
    before: level(cuts[n - 1] ?? 0, cut),
    after: level(cut, cuts[n + 1] ?? samples.length),
  }));
}

function mostSignificant(values: readonly number[]): number | undefined {
  const n = values.length;
  if (n < 10) return undefined;
  const signs = (cut: number): number =>
    Math.abs(values.slice(0, cut).reduce((sum, a) => sum + values.slice(cut).reduce((some, b) => some + Math.sign(a - b), 0), 0));
  let cut = 5;
  for (let other = 5; other <= n - 5; other += 1) if (signs(other) > signs(cut)) cut = other;
  if (2 * Math.exp((-6 * signs(cut) ** 2) / (n ** 3 + n ** 2)) >= 0.001) return undefined;
  const [before, after] = [values.slice(0, cut), values.slice(cut)];
  const [left, right] = [middle(before), middle(after)];
  const spread = middle([...before.map((value) => Math.abs(value - left)), ...after.map((value) => Math.abs(value - right))]);
  return left !== right && Math.abs(left - right) >= spread ? cut : undefined;
}

/** What repeats by hour and weekday: the share of the variance between them, adjusted for how many there are. */
export function seasonsByHand(
  samples: readonly { readonly hour: number; readonly weekday: number; readonly value: number }[],
): Seasonality {
  const season = (placeOf: (sample: (typeof samples)[number]) => number): object => {
    const places = Map.groupBy(samples, placeOf);
    const sizes = [...places.values()].map(({ length }) => length);
    const total = squares(samples.map(({ value }) => value));
    const within = [...places.values()].reduce((sum, of) => sum + squares(of.map(({ value }) => value)), 0);
    const strength = 1 - within / (samples.length - places.size) / (total / (samples.length - 1));
    if (places.size < 2 || middle(sizes) < 3 || total === 0 || samples.length <= places.size || strength <= 0.1) return {};
    return {
      season: {
        typical: new Map([...places].sort(([a], [b]) => a - b).map(([place, of]) => [place, close(middle(of.map(({ value }) => value)))])),
        strength: close(strength),
      },
    };
  };
  const named = (name: string, found: object): object => ('season' in found ? { [name]: found.season } : {});
  return {
    ...named(
      'byHour',
      season(({ hour }) => hour),
    ),
    ...named(
      'byWeekday',
      season(({ weekday }) => weekday),
    ),
  };
}

function squares(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}
