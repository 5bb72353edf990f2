import { expect, it } from 'vitest';
import type { LabelledSeries } from '../../../../bench/anomalies/benchmarkData.js';
import { PROFILES, bestOf, normalised, pointsAt, sweep, weigh } from '../../../../bench/anomalies/scoring.js';

const ROWS = 1000;
const series: LabelledSeries = {
  file: 'group/file.csv',
  timestamps: Array.from({ length: ROWS }, (_, row) => `t${String(row).padStart(4, '0')}`),
  values: Array.from({ length: ROWS }, () => 0),
  windows: [['t0400', 't0499']],
};

function scoreOf(fired: readonly number[], name: keyof typeof PROFILES = 'standard'): number {
  const scores = series.values.map((_, row) => (fired.includes(row) ? 1 : 0));
  const rows = weigh(series, 0, scores, PROFILES[name]);
  return normalised(pointsAt(sweep(rows, PROFILES[name]), 1), 1, PROFILES[name]);
}

it('gives 0 to silence, 100 to a hit at the first row of the window, and less to a later one', () => {
  expect(scoreOf([])).toBe(0);
  expect(scoreOf([400])).toBe(100);
  // At the middle: 2 / (1 + e ** (5 * -0.5)) - 1, over the same at -1, with the window itself worth as much.
  expect(scoreOf([450])).toBeCloseTo(50 * (1 + (2 / (1 + Math.exp(-2.5)) - 1) / (2 / (1 + Math.exp(-5)) - 1)), 9);
  expect(scoreOf([400, 450])).toBe(100);
});

it('takes for a false alarm what the profile says, less right after a window, and nothing in the probation', () => {
  expect(scoreOf([400, 200])).toBeCloseTo(100 - 11 / 2, 9);
  expect(scoreOf([400, 200], 'lowFP')).toBeCloseTo(100 - 22 / 2, 9);
  expect(scoreOf([400, 200], 'lowFN')).toBeCloseTo(100 - 11 / 3, 9);
  expect(scoreOf([400, 505])).toBeGreaterThan(99);
  expect(scoreOf([400, 149])).toBe(100);
  expect(scoreOf([400, 150])).toBeLessThan(100);
});

it('chooses the threshold that is best for all rows together', () => {
  const scores = series.values.map((_, row) => (row === 420 ? 0.6 : row === 700 ? 0.5 : row === 800 ? 0.7 : 0));
  const curve = sweep(weigh(series, 0, scores, PROFILES.standard), PROFILES.standard);
  expect(bestOf(curve).threshold).toBe(0.6);
  expect(pointsAt(curve, 0.7)).toBeCloseTo(-0.11, 9);
  expect(pointsAt(curve, 0.9)).toBe(0);
});
