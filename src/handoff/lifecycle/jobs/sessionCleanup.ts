import type { JobDefinition } from '../../jobs/jobDefinition.js';
import { everyStep } from '../../resilience/everyStep.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { archiveDue } from '../sweeps/archiveDue.js';
import { sweepExpired } from '../sweeps/expire.js';
import { sweepIntegrity } from '../sweeps/integrity.js';
import { sweepOrphans } from '../sweeps/orphans.js';
import { sweepPurge } from '../sweeps/purge.js';

const HANDOFF_BATCH = 1000;
const INTEGRITY_TIME_LIMIT_MS = 60_000;

/**
 * Ends what is over, times out handoffs, archives and deletes. Each part is safe beside another replica's, and is done whatever becomes
 * of those before it; the job fails when all are done.
 */
export function sessionCleanup(deps: LifecycleDependencies): JobDefinition {
  return {
    name: 'session-cleanup',
    description: 'Ends sessions whose time has passed, times out unanswered handoffs, archives ended sessions and deletes old ones.',
    defaults: { intervalMs: 3_600_000, maxRetries: 3, retryDelayMs: 300_000 },
    run: async ({ signal }) => {
      const stats = {
        expiredSessions: 0,
        archivedSessions: 0,
        orphanedSessions: 0,
        deletedSessions: 0,
        failedArchives: 0,
        timedOutHandoffs: 0,
        corruptSessions: 0,
      };
      await everyStep(
        [
          async () => void (stats.expiredSessions = (await sweepExpired(deps, { signal })).changed),
          async () => void (stats.orphanedSessions = (await sweepOrphans(deps, { signal })).changed),
          async () => void (stats.timedOutHandoffs = await timeOutAll(deps, signal)),
          async () => {
            const { archived, failed } = await archiveDue(deps, { signal });
            stats.archivedSessions = archived;
            stats.failedArchives = failed;
          },
          async () => void (stats.deletedSessions = (await sweepPurge(deps, { signal })).changed),
          async () => {
            stats.corruptSessions = (await sweepIntegrity(deps, { signal, timeLimitMs: INTEGRITY_TIME_LIMIT_MS })).changed;
          },
        ],
        signal,
      );
      const { expiredSessions, orphanedSessions, archivedSessions, deletedSessions } = stats;
      return { cleanedSessions: expiredSessions + orphanedSessions + archivedSessions + deletedSessions, stats };
    },
  };
}

async function timeOutAll({ timeOutHandoffs }: LifecycleDependencies, signal: AbortSignal): Promise<number> {
  if (timeOutHandoffs === undefined) return 0;
  let total = 0;
  let done = HANDOFF_BATCH;
  while (done >= HANDOFF_BATCH && !signal.aborted) {
    done = await timeOutHandoffs(HANDOFF_BATCH);
    total += done;
  }
  return total;
}
