import { expect, it } from 'vitest';
import { thresholdScore } from '../../../../../src/handoff/analytics/anomalies/alarmRate.js';
import { severityOf } from '../../../../../src/handoff/analytics/findings/severity.js';

const FIVE_MINUTES_MS = 300_000;

it('severity is how rarely a healthy series does it: at most once in 20 weeks is high, once in two weeks is medium', () => {
  const at = (sensitivity: number): number => thresholdScore(sensitivity, FIVE_MINUTES_MS);
  expect(severityOf(at(0))).toBe('high');
  expect(severityOf(at(0.01))).toBe('medium');
  expect(severityOf(at(0.5))).toBe('medium');
  expect(severityOf(at(0.51))).toBe('low');
});
