import { expect, it } from 'vitest';
import { DetectorStateError } from '../../../../../src/errors/anomalyErrors.js';
import { createDetector } from '../../../../../src/handoff/analytics/anomalies/detector.js';
import type { Observation } from '../../../../../src/handoff/analytics/anomalies/detector.js';
import { FIVE_MINUTES_MS, START_MS, daily, observeAll, rowsOf } from './series.js';
import type { Row } from './series.js';

/** Seasons, spikes, shifts, gaps and constant stretches, in another order for each seed. */
function variedRows(seed: number, count = 3000): Row[] {
  return rowsOf(
    count,
    (row, noise) => {
      const part = (Math.floor(row / 500) + seed) % 4;
      if (part === 0) return 20;
      if (part === 1) return daily(row, noise) * (noise() > 2.5 ? 4 : 1);
      if (part === 2) return noise() > 2 ? Number.NaN : Math.exp(noise());
      return daily(row, noise) + 300;
    },
    seed,
  );
}

/** But for the last digits, in which logarithms differ. */
function expectSameScores(some: readonly Observation[], others: readonly Observation[]): void {
  expect(some.length).toBe(others.length);
  expect(Math.max(...others.map(({ score }, row) => Math.abs(score - (some[row]?.score ?? Number.NaN))))).toBeLessThan(1e-9);
}

it.each([1, 2, 3, 4])('sees nothing of later rows: whatever follows, earlier rows are judged as before (seed %i)', (seed) => {
  const rows = variedRows(seed);
  const whole = observeAll(rows);
  const prefix = observeAll([...rows.slice(0, 1700), { atMs: START_MS + 1700 * FIVE_MINUTES_MS, value: 1e9 }]);
  expect(prefix.slice(0, 1700)).toEqual(whole.slice(0, 1700));
});

it.each([0, 1, 150, 999, 1000, 1001, 2400])('goes on after %i rows where it was, in another detector', (cut) => {
  const rows = variedRows(5);
  const whole = observeAll(rows, 1);
  const before = createDetector({ sensitivity: 1 });
  for (const { atMs, value } of rows.slice(0, cut)) before.observe(atMs, value);
  const after = createDetector({ sensitivity: 1 });
  after.observe(0, 77);
  after.restore(before.state());
  expect(rows.slice(cut).map(({ atMs, value }) => after.observe(atMs, value))).toEqual(whole.slice(cut));
});

it('has a state of the same size, below 64 KiB, from the first row to the last', () => {
  const detector = createDetector({ sensitivity: 0.5 });
  const size = detector.state().byteLength;
  expect(size).toBeLessThan(65_536);
  for (const { atMs, value } of variedRows(6, 30_000)) detector.observe(atMs, value);
  expect(detector.state().byteLength).toBe(size);
});

it('the state that was taken does not change when the detector goes on', () => {
  const detector = createDetector({ sensitivity: 0.5 });
  const state = detector.state();
  const copy = state.slice();
  detector.observe(START_MS, 1);
  expect(state).toEqual(copy);
  expect(detector.state()).not.toEqual(copy);
});

it.each([2 ** -40, 2 ** 30])('judges the same series in a unit %d times as large the same', (factor) => {
  const rows = variedRows(8);
  const scaled = rows.map(({ atMs, value }) => ({ atMs, value: value * factor }));
  expectSameScores(observeAll(scaled), observeAll(rows));
});

it('judges the same series from another zero the same', () => {
  // Multiples of a quarter, so that nothing is lost to rounding.
  const rows = variedRows(9).map(({ atMs, value }) => ({ atMs, value: Math.round(value * 4) / 4 }));
  const shifted = rows.map(({ atMs, value }) => ({ atMs, value: value + 4096 }));
  expectSameScores(observeAll(shifted), observeAll(rows));
});

it('refuses what is no state of its own and stays as it was', () => {
  const detector = createDetector({ sensitivity: 0.5 });
  detector.observe(START_MS, 1);
  const state = detector.state();
  const newer = state.slice();
  newer.fill(1, 0, 8);
  for (const wrong of [new Uint8Array(0), state.slice(1), newer]) expect(() => detector.restore(wrong)).toThrow(DetectorStateError);
  expect(detector.state()).toEqual(state);
  // A state may lie anywhere in the bytes that a database driver gives.
  const offset = new Uint8Array(state.byteLength + 3);
  offset.set(state, 3);
  detector.restore(offset.subarray(3));
  expect(detector.state()).toEqual(state);
});
