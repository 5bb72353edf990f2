import type { JobDefinition } from '../../jobs/jobDefinition.js';
import type { AnomalyDependencies } from './dependencies.js';
import { detect } from './detect.js';

/** One run ends in good time for the next: at the first start there are days of buckets to learn. */
const TIME_LIMIT_MS = 45_000;
const INTERVAL_MS = 60_000;

/** Judges what was rolled up since the last run. */
export function analyticsAnomalies(deps: AnomalyDependencies): JobDefinition {
  return {
    name: 'analytics-anomalies',
    description: "Looks for anomalies in the service's own series, in buckets of five minutes.",
    defaults: { intervalMs: INTERVAL_MS, maxRetries: 2, retryDelayMs: 10_000 },
    run: async ({ signal }) => ({ ...(await detect(deps, { signal, timeLimitMs: TIME_LIMIT_MS })) }),
  };
}
