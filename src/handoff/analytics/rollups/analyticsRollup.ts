import type { JobDefinition } from '../../jobs/jobDefinition.js';
import type { RollupDependencies } from './dependencies.js';
import { prune } from './prune.js';
import { rollUp } from './rollUp.js';

/** One run ends in good time for the next: what is left, after a long absence or at the first start, is done by the runs to come. */
const TIME_LIMIT_MS = 45_000;
const MINUTE_MS = 60_000;

/** Adds up what is new, and deletes buckets of minutes and hours whose time has passed. */
export function analyticsRollup(deps: RollupDependencies, aggregationIntervalMinutes: () => number): JobDefinition {
  return {
    name: 'analytics-rollup',
    description: 'Adds up sessions, handoffs, context, performance and resources by minutes, hours, days and months.',
    // Read anew each time that servers look what is planned, because it may change.
    get defaults() {
      return { intervalMs: aggregationIntervalMinutes() * MINUTE_MS, maxRetries: 2, retryDelayMs: 10_000 };
    },
    run: async ({ signal }) => {
      const { rows, lateRows, isComplete } = await rollUp(deps, { signal, timeLimitMs: TIME_LIMIT_MS });
      const prunedRows = isComplete ? await prune(deps, signal) : 0;
      return { rows, lateRows, isComplete, prunedRows };
    },
  };
}
