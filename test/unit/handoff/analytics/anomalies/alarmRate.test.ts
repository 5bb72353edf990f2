import { expect, it } from 'vitest';
import { falseAlarmsPerWeek, scoreOf, thresholdScore } from '../../../../../src/handoff/analytics/anomalies/alarmRate.js';
import { FIVE_MINUTES_MS, MINUTE_MS, detections, observeAll, rowsOf } from './series.js';

it('states from one false alarm in twenty weeks to five a week', () => {
  expect([0, 0.5, 1].map(falseAlarmsPerWeek)).toEqual([0.05, 0.5, 5]);
});

it('asks for less the higher the sensitivity is, and for more the more rows there are in a week', () => {
  const thresholds = Array.from({ length: 101 }, (_, hundredth) => thresholdScore(hundredth / 100, FIVE_MINUTES_MS));
  expect(thresholds).toEqual(thresholds.toSorted((a, b) => b - a));
  expect(new Set(thresholds).size).toBe(101);
  expect(thresholdScore(0.5, MINUTE_MS)).toBeGreaterThan(thresholdScore(0.5, FIVE_MINUTES_MS));
  expect(thresholdScore(0.5, 60 * MINUTE_MS)).toBeLessThan(thresholdScore(0.5, FIVE_MINUTES_MS));
  for (const intervalMs of [1, MINUTE_MS, 1e12]) {
    expect(thresholdScore(0, intervalMs)).toBeGreaterThanOrEqual(0);
    expect(thresholdScore(0, intervalMs)).toBeLessThan(1);
  }
});

it('meets the measured shares: one row in a thousand or so passes a surprise of 9', () => {
  // 10 ** -3.1 of the 2016 rows of a week are 1.6 alarms.
  const sensitivity = Math.log((10 ** -3.1 * 2016) / 0.05) / Math.log(100);
  expect(thresholdScore(sensitivity, FIVE_MINUTES_MS)).toBeCloseTo(scoreOf(9), 9);
});

it('keeps about to what it states in noise of another kind', () => {
  const weeks = 6;
  const alarms = [11, 12, 13].map((seed) => {
    const rows = rowsOf(weeks * 2016, (_, noise) => noise() + noise() * noise(), seed);
    return detections(observeAll(rows, 0.5), rows).filter((row) => row >= 2 * 2016).length;
  });
  // Stated are 0.5 in a week: 6 in the twelve weeks.
  expect(alarms.reduce((sum, count) => sum + count, 0)).toBeLessThan(18);
});
