import { lifecycleOperations } from '../../../telemetry/catalogue/lifecycle.js';
import { keysOfDeleted } from '../../sessions/cacheEntries.js';
import { countTransition } from '../../sessions/countTransition.js';
import { dropKeys } from '../cacheKeys.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { archivedPolicies } from '../sql/archivedPolicies.js';
import { nameMissingPolicies } from '../sql/nameMissingPolicies.js';
import { sweepLeftovers } from './leftovers.js';
import { PassedOver, purgeSome } from './purgeBatch.js';
import { runSweep } from './sweep.js';
import type { SweepLimits, SweepOutcome } from './sweep.js';

/** Sessions of a batch whose last traces are linked; their lifecycle events outlive them. */
const MAX_LINKED = 16;

/** What a purge did. */
export interface PurgeOutcome extends SweepOutcome {
  /** Policies whose archived sessions were looked at. */
  readonly policies: number;
}

/**
 * Deletes archived sessions whose time has passed, unless they are on hold. Any number of replicas may do it at once. Those to which a
 * foreign key of somebody's own leads are passed over; it rejects when the others are gone.
 */
export async function sweepPurge(deps: LifecycleDependencies, limits: SweepLimits = {}): Promise<PurgeOutcome> {
  const names = { operation: lifecycleOperations.sweepPurge.name, sweep: 'purge' } as const;
  const startMs = deps.clock.monotonicMs();
  let policies: string[] | undefined;
  let someMayLackPolicy = true;
  let found = 0;
  const passed = new PassedOver();
  const outcome = await runSweep(deps, names, limits, async (size) => {
    if (someMayLackPolicy) someMayLackPolicy = await nameSome(deps, size);
    if (someMayLackPolicy) return { taken: 0, changed: 0, hasMore: true };
    policies ??= await policyNames(deps);
    found = Math.max(found, policies.length);
    const [policy] = policies;
    if (policy === undefined) return { taken: 0, changed: 0, hasMore: false };
    const passedBefore = passed.ids.length;
    const { taken, gone } = await purgeSome(deps, policy, size, passed);
    countTransition(deps.record.transitions, 'archived', 'purged', 'sweep', gone.length);
    if (gone.length > 0) deps.onPurged?.(policy, gone.length);
    for (const { id } of gone) deps.archive?.forget(id);
    await dropKeys(
      deps,
      gone.flatMap(({ id: sessionId, session_key: sessionKey, agents }) => keysOfDeleted({ sessionId, sessionKey, agents })),
    );
    if (taken === 0 || gone.length + passed.ids.length === passedBefore) policies.shift();
    return { taken, changed: gone.length, hasMore: policies.length > 0, someIds: gone.slice(0, MAX_LINKED).map(({ id }) => id) };
  });
  if (outcome.changed > 0) await sweepLeftovers(deps, limits, startMs);
  // When all others are gone: whoever is told of it finds out which table it is.
  if (passed.error !== undefined) throw passed.error;
  return { ...outcome, policies: found };
}

/** Returns whether there may be others. */
async function nameSome({ database }: LifecycleDependencies, size: number): Promise<boolean> {
  const [row] = await database.query<{ named: number }>(nameMissingPolicies, [size]);
  return (row?.named ?? 0) >= size;
}

async function policyNames({ database }: LifecycleDependencies): Promise<string[]> {
  return (await database.query<{ name: string }>(archivedPolicies)).map(({ name }) => name);
}
