import type { JobDefinition } from '../../jobs/jobDefinition.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { sweepDormant } from '../sweeps/dormant.js';

/** Marks idle sessions dormant. */
export function dormantDetection(deps: LifecycleDependencies): JobDefinition {
  return {
    name: 'dormant-detection',
    description: 'Marks sessions dormant that were idle for the time that their policy says.',
    defaults: { intervalMs: 1_800_000, maxRetries: 3, retryDelayMs: 120_000 },
    run: async ({ signal }) => ({ dormantSessionsDetected: (await sweepDormant(deps, { signal })).changed }),
  };
}
