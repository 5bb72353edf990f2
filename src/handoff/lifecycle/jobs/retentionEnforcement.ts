import type { JobDefinition } from '../../jobs/jobDefinition.js';
import { everyStep } from '../../resilience/everyStep.js';
import type { LifecycleDependencies } from '../dependencies.js';
import type { RetentionPort } from '../ports.js';
import { archiveDue } from '../sweeps/archiveDue.js';
import { sweepPurge } from '../sweeps/purge.js';

/** Archives and deletes as the policies say, makes log partitions ahead and drops old ones, and measures the storage. */
export function retentionEnforcement(deps: LifecycleDependencies, retention: RetentionPort<never> | undefined): JobDefinition {
  return {
    name: 'retention-enforcement',
    description: 'Archives and deletes sessions as the retention policies say, and makes and drops the partitions of the logs.',
    defaults: { intervalMs: 86_400_000, maxRetries: 5, retryDelayMs: 600_000 },
    run: async ({ signal }) => {
      const done = { archivedSessions: 0, deletedSessions: 0, processedPolicies: 0 };
      await everyStep(
        [
          async () => void (done.archivedSessions = (await archiveDue(deps, { signal })).archived),
          async () => {
            const { changed, policies } = await sweepPurge(deps, { signal });
            done.deletedSessions = changed;
            done.processedPolicies = policies;
          },
          async () => void (await retention?.maintain()),
        ],
        signal,
      );
      return done;
    },
  };
}
