import { expect, it } from 'vitest';
import { mergedHistograms } from '../../../../src/instrumentation/prometheus/mergedHistograms.js';

const histogram = (counts: number[], sum?: number) => ({
  buckets: { boundaries: [1, 2], counts },
  count: counts.reduce((total, one) => total + one, 0),
  ...(sum === undefined ? {} : { sum }),
});

it('adds up counts and sums, and has no sum where one of them has none', () => {
  expect(mergedHistograms([histogram([1, 2, 3], 10), histogram([1, 0, 1], 5)])).toEqual(histogram([2, 2, 4], 15));
  expect(mergedHistograms([histogram([1, 2, 3], 10), histogram([1, 0, 1])])).toEqual(histogram([2, 2, 4]));
});
