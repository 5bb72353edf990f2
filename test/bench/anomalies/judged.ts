import { createDetector } from '../../../src/handoff/analytics/anomalies/detector.js';
import type { LabelledSeries } from './benchmarkData.js';

/** What the detector said of a series, and what that cost. */
export interface Judged {
  readonly series: LabelledSeries;
  readonly scores: readonly number[];
  /** Of the processor: what else the machine does makes no difference. */
  readonly microsecondsPerRow: number;
  readonly stateBytes: number;
}

/** Scores do not depend on the sensitivity; only episodes do. */
const SENSITIVITY = 0.5;

/** Gives a series to a new detector, row by row, each with its time and value and nothing else. */
export function judge(series: LabelledSeries): Judged {
  const timesMs = series.timestamps.map((timestamp) => Date.parse(`${timestamp.replace(' ', 'T')}Z`));
  const detector = createDetector({ sensitivity: SENSITIVITY });
  const start = process.cpuUsage();
  const scores = series.values.map((value, row) => detector.observe(timesMs[row] ?? Number.NaN, value).score);
  const { user, system } = process.cpuUsage(start);
  return {
    series,
    scores,
    microsecondsPerRow: (user + system) / series.values.length,
    stateBytes: detector.state().byteLength,
  };
}
