import { describe, expect, it } from 'vitest';
import { estimateQuantile } from '../../../../../src/handoff/cli/render/quantile.js';
import { renderTable } from '../../../../../src/handoff/cli/render/table.js';

describe('a table', () => {
  const columns = [
    { heading: 'name', shrink: true },
    { heading: 'n', align: 'right' },
  ] as const;

  it('aligns its columns, wide characters too', () => {
    expect(renderTable(columns, [['add', '7'], ['加算', '1234'], ['short']])).toBe(
      ['name     n', '────  ────', 'add      7', '加算  1234', 'short'].join('\n'),
    );
  });

  it('shrinks what may shrink to keep to the width', () => {
    expect(renderTable(columns, [['a very long name indeed', '12345']], { columns: 20 })).toBe(
      ['name               n', '─────────────  ─────', 'a very long …  12345'].join('\n'),
    );
  });
});

describe('a quantile', () => {
  const point = { bucketCounts: [10, 10, 0, 0], explicitBounds: [1, 2, 3] };

  it.each([
    ['the middle of the data at a bucket edge', point, 0.5, 1],
    ['linear within a bucket', point, 0.75, 1.5],
    ['from zero in the first bucket without a minimum', point, 0.25, 0.5],
    ['from the minimum with one', { ...point, min: 0.5 }, 0.25, 0.75],
    ['up to the maximum', { ...point, max: 1.5 }, 1, 1.5],
    ['the maximum in the open last bucket', { ...point, bucketCounts: [0, 0, 0, 4], max: 7 }, 1, 7],
    ['the last bound there without one', { ...point, bucketCounts: [0, 0, 0, 4] }, 0.99, 3],
    ['the smallest value', { ...point, min: 0.5 }, 0, 0.5],
  ])('is %s', (_what, histogram, quantile, expected) => {
    expect(estimateQuantile(histogram, quantile)).toBeCloseTo(expected, 12);
  });

  it('of no values is nothing', () => {
    expect(estimateQuantile({ bucketCounts: [0, 0], explicitBounds: [1] }, 0.5)).toBeUndefined();
  });
});
