import type { AnomalySeverity } from '../../../telemetry/catalogue/anomalies.js';
import { thresholdScore } from '../anomalies/alarmRate.js';
import { BUCKET_MS } from './buckets.js';

/** Sensitivities whose thresholds divide the severities: what is above passes as seldom by chance as 0081 says. */
const HIGH_FROM = 0;
const MEDIUM_FROM = 0.5;

/**
 * How rare an anomaly is, and not how harmful: `high` is what a healthy series does less than once in 20 weeks, `medium` less than once in
 * two, `low` more often.
 */
export function severityOf(score: number): AnomalySeverity {
  if (score >= thresholdScore(HIGH_FROM, BUCKET_MS)) return 'high';
  return score >= thresholdScore(MEDIUM_FROM, BUCKET_MS) ? 'medium' : 'low';
}
