import type { Observation } from '../../../../../src/handoff/analytics/anomalies/detector.js';
import { createDetector } from '../../../../../src/handoff/analytics/anomalies/detector.js';
import { normal, seededRandom } from '../../../../bench/anomalies/random.js';

/** A Monday. */
export const START_MS = Date.UTC(2026, 2, 2);
export const MINUTE_MS = 60_000;
export const FIVE_MINUTES_MS = 5 * MINUTE_MS;
export const DAY_ROWS = 288;

export interface Row {
  readonly atMs: number;
  readonly value: number;
}

/** Rows at five minutes: what `valueOf` says, with its own random numbers. */
export function rowsOf(count: number, valueOf: (row: number, noise: () => number) => number, seed = 7): Row[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, row) => ({ atMs: START_MS + row * FIVE_MINUTES_MS, value: valueOf(row, () => normal(random)) }));
}

/** Quiet, with a night and a day. */
export function daily(row: number, noise: () => number): number {
  return 100 + 50 * Math.sin((2 * Math.PI * row) / DAY_ROWS) + 5 * noise();
}

export function observeAll(rows: readonly Row[], sensitivity = 0.5): Observation[] {
  const detector = createDetector({ sensitivity });
  return rows.map(({ atMs, value }) => detector.observe(atMs, value));
}

/** Rows with which an episode was detected. */
export function detections(observed: readonly Observation[], rows: readonly Row[]): number[] {
  return observed.flatMap(({ episode }, row) => (episode !== undefined && episode.detectedAtMs === rows[row]?.atMs ? [row] : []));
}
