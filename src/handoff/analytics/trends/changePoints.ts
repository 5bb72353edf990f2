import { medianOf } from './slope.js';
import type { Sample } from './slope.js';

/** A time at which the level of a series changes. */
export interface ChangePoint {
  /** Of the first sample at the new level. */
  readonly at: number;
  /** Medians before and after, up to the change points on either side. */
  readonly before: number;
  readonly after: number;
}

const MIN_SEGMENT = 5;
const MAX_CHANGES = 10;
/** Of 1000 series without a change, about one is told to have one: the test is on ranks, whatever the distribution. */
const ALPHA = 0.001;
/** A change that is smaller than the usual distance from the median is of no interest, however certain it is. */
const MIN_EFFECT = 1;

/**
 * Finds changes of level: the most significant one by Pettitt's test on ranks, then those on either side of it. A ramp is found as changes
 * too; look at the slope first.
 */
export function changePointsOf(samples: readonly Sample[]): readonly ChangePoint[] {
  const cuts: number[] = [];
  const waiting: [from: number, to: number][] = [[0, samples.length]];
  for (let next = waiting.shift(); next !== undefined && cuts.length < MAX_CHANGES; next = waiting.shift()) {
    const [from, to] = next;
    const cut = cutOf(samples.slice(from, to).map(({ value }) => value));
    if (cut === undefined) continue;
    cuts.push(from + cut);
    waiting.push([from, from + cut], [from + cut, to]);
  }
  cuts.sort((a, b) => a - b);
  return cuts.flatMap((cut, index) => {
    const at = samples[cut]?.at;
    const levels = [samples.slice(cuts[index - 1] ?? 0, cut), samples.slice(cut, cuts[index + 1] ?? samples.length)];
    const [before = NaN, after = NaN] = levels.map((part) => medianOf(part.map(({ value }) => value)));
    return at === undefined ? [] : [{ at, before, after }];
  });
}

/** Returns the index of the first value after the most significant change, if there is one. */
function cutOf(values: readonly number[]): number | undefined {
  const n = values.length;
  if (n < 2 * MIN_SEGMENT) return undefined;
  const ranks = ranksOf(values);
  let sum = 0;
  let best = { statistic: 0, cut: 0 };
  ranks.slice(0, -MIN_SEGMENT).forEach((rank, index) => {
    sum += rank;
    const statistic = Math.abs(2 * sum - (index + 1) * (n + 1));
    if (index + 1 >= MIN_SEGMENT && statistic > best.statistic) best = { statistic, cut: index + 1 };
  });
  const significance = 2 * Math.exp((-6 * best.statistic ** 2) / (n ** 3 + n ** 2));
  return significance < ALPHA && effectOf(values, best.cut) >= MIN_EFFECT ? best.cut : undefined;
}

/** Ranks from 1; values that are the same share the mean of their ranks. */
function ranksOf(values: readonly number[]): readonly number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let first = 0; first < order.length; ) {
    let last = first;
    while (order[last + 1]?.value === order[first]?.value) last += 1;
    for (const { index } of order.slice(first, last + 1)) ranks[index] = (first + last) / 2 + 1;
    first = last + 1;
  }
  return ranks;
}

/** The distance of the medians, in usual distances from them. */
function effectOf(values: readonly number[], cut: number): number {
  const before = values.slice(0, cut);
  const after = values.slice(cut);
  const [left, right] = [medianOf(before), medianOf(after)];
  const spread = medianOf([...before.map((value) => Math.abs(value - left)), ...after.map((value) => Math.abs(value - right))]);
  return spread === 0 ? (left === right ? 0 : Infinity) : Math.abs(left - right) / spread;
}
