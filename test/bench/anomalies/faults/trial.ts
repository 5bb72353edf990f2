import { FAULT_ROWS, faults } from './faults.js';
import type { Fault } from './faults.js';
import type { Compared, Kind } from './detectors.js';
import { INTERVAL_MS, ROWS_PER_DAY, ROWS_PER_WEEK } from './healthySeries.js';
import type { Healthy } from './healthySeries.js';

/** What a detector said of one series: scores of the weeks in which nothing was wrong, and of each fault from its first row on. */
export interface Trial {
  readonly series: string;
  readonly healthy: readonly number[];
  readonly faults: ReadonlyMap<string, readonly number[]>;
}

const START_MS = Date.UTC(2026, 0, 5);
const LEARNING_WEEKS = 3;
const WEEKS = 8;
/** On a Thursday at ten. */
const FAULT_ROW = (WEEKS - 1) * ROWS_PER_WEEK + 3 * ROWS_PER_DAY + 120;
const SIX_HOURS = ROWS_PER_DAY / 4;

/** Runs one series of eight weeks, and from the eighth week on each fault with a copy of what was learned by then. */
export function runTrial(kind: Kind, series: Healthy, seed: number): Trial {
  const values = series.make(WEEKS * ROWS_PER_WEEK, seed);
  const detector = kind.create();
  const healthy: number[] = [];
  const found = new Map<string, readonly number[]>();
  for (const [row, value] of values.entries()) {
    if (row === FAULT_ROW)
      for (const fault of faults.filter((each) => each.befalls(series))) found.set(fault.name, scoresOf(fault, detector.fork(), values));
    const score = detector.observe(START_MS + row * INTERVAL_MS, value);
    if (row >= LEARNING_WEEKS * ROWS_PER_WEEK) healthy.push(score);
  }
  return { series: series.name, healthy, faults: found };
}

function scoresOf(fault: Fault, detector: Compared, values: readonly number[]): readonly number[] {
  return Array.from({ length: FAULT_ROWS }, (_, age) => {
    const row = FAULT_ROW + age;
    const value = fault.change(values[row] ?? Number.NaN, age, values[row + SIX_HOURS] ?? Number.NaN);
    return detector.observe(START_MS + row * INTERVAL_MS, value);
  });
}

/** How often the threshold was reached; what follows within an hour belongs to the same alarm. */
export function alarms(scores: readonly number[], threshold: number): number {
  let count = 0;
  let until = -1;
  for (const [row, score] of scores.entries()) {
    if (score < threshold) continue;
    if (row > until) count += 1;
    until = row + ROWS_PER_DAY / 24;
  }
  return count;
}
