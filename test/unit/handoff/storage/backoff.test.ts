import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../../../src/handoff/storage/backoff.js';

describe('backoffMs', () => {
  it('doubles up to its bound', () => {
    const almostOne = (): number => 0.999999;
    expect([1, 2, 3, 4, 5, 6, 100].map((attempt) => Math.round(backoffMs(attempt, almostOne)))).toEqual([
      50, 100, 200, 400, 800, 1000, 1000,
    ]);
  });

  it('spreads over the upper half only', () => {
    expect(backoffMs(3, () => 0)).toBe(100);
    expect(backoffMs(3, () => 0.5)).toBe(150);
  });
});
