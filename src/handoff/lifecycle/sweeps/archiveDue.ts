import type { LifecycleDependencies } from '../dependencies.js';
import type { SweepLimits } from './sweep.js';

/** Sessions between two looks at the signal: the archive writes some at once, and a stop waits for those of a batch. */
const BATCH = 50;

/** What was moved to cold storage. */
export interface ArchiveDueOutcome {
  readonly archived: number;
  readonly failed: number;
}

/** Archives ended sessions that are due, until none is left, the store is away, or a limit is reached. */
export async function archiveDue(deps: LifecycleDependencies, limits: SweepLimits = {}): Promise<ArchiveDueOutcome> {
  const startMs = deps.clock.monotonicMs();
  const { timeLimitMs = Infinity, maxBatches = Infinity, signal } = limits;
  let archived = 0;
  let failed = 0;
  if (deps.archive === undefined) return { archived, failed };
  for (let batches = 0; batches < maxBatches && signal?.aborted !== true; batches += 1) {
    if (deps.clock.monotonicMs() - startMs >= timeLimitMs) break;
    const done = await deps.archive.archiveDue(BATCH);
    archived += done.archived;
    failed += done.failed;
    if (!done.hasMore) break;
  }
  return { archived, failed };
}
