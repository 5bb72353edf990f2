import { expect, it } from 'vitest';
import { selectRank } from '../../../../../src/handoff/analytics/trends/select.js';

/** Whole numbers below a limit, the same each time: where it is small, many are the same. */
function values(count: number, limit: number): Float64Array {
  let state = 7;
  return Float64Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state % limit) - limit / 2;
  });
}

it.each([
  ['many values', values(1000, 1e9)],
  ['few that are often there', values(1000, 4)],
  ['all the same', new Float64Array(100)],
  ['in order', Float64Array.from({ length: 100 }, (_, n) => n)],
  ['in reverse', Float64Array.from({ length: 100 }, (_, n) => -n)],
  ['one', Float64Array.of(5)],
])('finds every rank of %s', (_name, all) => {
  const sorted = all.toSorted();
  const selected = sorted.map((_, rank) => selectRank(Float64Array.from(all), rank));
  expect(selected).toEqual(sorted);
});

it('of nothing there is no rank', () => {
  expect(selectRank(new Float64Array(), 0)).toBeNaN();
});
