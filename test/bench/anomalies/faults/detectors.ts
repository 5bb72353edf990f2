import { thresholdScore } from '../../../../src/handoff/analytics/anomalies/alarmRate.js';
import { createDetector } from '../../../../src/handoff/analytics/anomalies/detector.js';
import { INTERVAL_MS } from './healthySeries.js';

/** One of the detectors that are compared, in the middle of a series. */
export interface Compared {
  /** Judges a row: the higher, the more of an anomaly. */
  observe(atMs: number, value: number): number;
  /** Another one that knows the same. */
  fork(): Compared;
}

export interface Kind {
  readonly name: string;
  create(): Compared;
  /** From which score on a row is an alarm. */
  threshold(falseAlarmsPerWeek: number, sensitivity: number): number;
}

const WINDOW_ROWS = 2016;
const EWMA_WEIGHT = 0.02;
const MS_PER_WEEK = 604_800_000;

/** Logarithm of the share of normally distributed values that are so many standard deviations away, or more. */
function logShare(deviations: number): number {
  const tail = -(deviations ** 2 / 2) * Math.LOG10E - Math.log10(Math.max(1, deviations) * Math.sqrt(Math.PI / 2));
  return Math.min(0, tail);
}

/** What simple detectors promise: the share of alarms among rows, if the rows were normally distributed. */
function gaussianThreshold(falseAlarmsPerWeek: number): number {
  return -Math.log10((falseAlarmsPerWeek * INTERVAL_MS) / MS_PER_WEEK);
}

function ours(state?: Uint8Array): Compared {
  const detector = createDetector({ sensitivity: 0.5 });
  if (state !== undefined) detector.restore(state);
  return { observe: (atMs, value) => detector.observe(atMs, value).score, fork: () => ours(detector.state()) };
}

/** Mean and spread of the rows of the last week. */
function windowedGaussian(values: readonly number[] = []): Compared {
  const window = [...values];
  let sum = window.reduce((total, value) => total + value, 0);
  let squares = window.reduce((total, value) => total + value * value, 0);
  return {
    observe: (_atMs, value) => {
      if (!Number.isFinite(value)) return 0;
      const mean = sum / window.length;
      const spread = Math.sqrt(Math.max(0, squares / window.length - mean * mean));
      const score = window.length < 100 || spread === 0 ? 0 : -logShare(Math.abs(value - mean) / spread);
      const gone = window.length === WINDOW_ROWS ? (window.shift() ?? 0) : 0;
      window.push(value);
      sum += value - gone;
      squares += value * value - gone * gone;
      return score;
    },
    fork: () => windowedGaussian(window),
  };
}

/** Mean and variance that forget exponentially. */
function ewma(mean = 0, variance = 0, seen = 0): Compared {
  const state = { mean, variance, seen };
  return {
    observe: (_atMs, value) => {
      if (!Number.isFinite(value)) return 0;
      const distance = state.seen === 0 ? 0 : value - state.mean;
      const score = state.seen < 100 || state.variance === 0 ? 0 : -logShare(Math.abs(distance) / Math.sqrt(state.variance));
      state.mean = state.seen === 0 ? value : state.mean + EWMA_WEIGHT * distance;
      state.variance = (1 - EWMA_WEIGHT) * (state.variance + EWMA_WEIGHT * distance * distance);
      state.seen += 1;
      return score;
    },
    fork: () => ewma(state.mean, state.variance, state.seen),
  };
}

/** In the order of the table. */
export const kinds: readonly Kind[] = [
  { name: 'the detector', create: () => ours(), threshold: (_alarms, sensitivity) => thresholdScore(sensitivity, INTERVAL_MS) },
  { name: 'windowed Gaussian', create: () => windowedGaussian(), threshold: gaussianThreshold },
  { name: 'EWMA', create: () => ewma(), threshold: gaussianThreshold },
];
