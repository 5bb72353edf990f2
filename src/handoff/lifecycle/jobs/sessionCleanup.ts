import type { JobDefinition } from '../../jobs/jobDefinition.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { archiveDue } from '../sweeps/archiveDue.js';
import { sweepExpired } from '../sweeps/expire.js';
import { sweepIntegrity } from '../sweeps/integrity.js';
import { sweepOrphans } from '../sweeps/orphans.js';
import { sweepPurge } from '../sweeps/purge.js';

const HANDOFF_BATCH = 1000;
const INTEGRITY_TIME_LIMIT_MS = 60_000;

/** Ends what is over, times out handoffs, archives and deletes. Each part is safe beside another replica's. */
export function sessionCleanup(deps: LifecycleDependencies): JobDefinition {
  return {
    name: 'session-cleanup',
    description: 'Ends sessions whose time has passed, times out unanswered handoffs, archives ended sessions and deletes old ones.',
    defaults: { intervalMs: 3_600_000, maxRetries: 3, retryDelayMs: 300_000 },
    run: async ({ signal }) => {
      const expired = await sweepExpired(deps, { signal });
      const orphaned = await sweepOrphans(deps, { signal });
      const timedOutHandoffs = await timeOutAll(deps, signal);
      const { archived, failed } = await archiveDue(deps, { signal });
      const purged = await sweepPurge(deps, { signal });
      const integrity = await sweepIntegrity(deps, { signal, timeLimitMs: INTEGRITY_TIME_LIMIT_MS });
      return {
        cleanedSessions: expired.changed + orphaned.changed + archived + purged.changed,
        stats: {
          expiredSessions: expired.changed,
          archivedSessions: archived,
          orphanedSessions: orphaned.changed,
          deletedSessions: purged.changed,
          failedArchives: failed,
          timedOutHandoffs,
          corruptSessions: integrity.changed,
        },
      };
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
