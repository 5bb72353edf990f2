import { lifecycleOperations } from '../../../telemetry/catalogue/lifecycle.js';
import { asRoots } from '../../../telemetry/rootOperation.js';
import { everyStep } from '../../resilience/everyStep.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { archiveDue } from './archiveDue.js';
import { sweepDormant } from './dormant.js';
import { sweepExpired } from './expire.js';
import { sweepIntegrity } from './integrity.js';
import { sweepOrphans } from './orphans.js';
import { sweepPurge } from './purge.js';

/** Servers on stdio live for minutes: a sweep at the start goes on for at most this long, and the next start continues. */
const TIME_LIMIT_MS = 30_000;
const INTEGRITY_TIME_LIMIT_MS = 5000;

/**
 * Sweeps whatever is due when a server has started. For the background: it never rejects, as each sweep reports its own failure, does
 * every sweep whatever becomes of those before it, and returns soon after the signal was aborted.
 */
export async function sweepAtStart(deps: LifecycleDependencies, signal?: AbortSignal): Promise<void> {
  const limits = { timeLimitMs: TIME_LIMIT_MS, signal };
  const steps = [
    () => sweepExpired(deps, limits),
    () => sweepDormant(deps, limits),
    () => sweepOrphans(deps, limits),
    () => archiveDue(deps, limits),
    () => sweepPurge(deps, limits),
    () => sweepIntegrity(deps, { ...limits, timeLimitMs: INTEGRITY_TIME_LIMIT_MS }),
  ];
  try {
    await asRoots(deps.observe)(lifecycleOperations.sweepAtStart.name, {}, () => everyStep(steps, signal));
  } catch {
    // Written to the log and the span of the operation that failed; the jobs, or the next start, try again.
  }
}
