import { lifecycleOperations } from '../../../telemetry/catalogue/lifecycle.js';
import { latestContextKey } from '../../sessions/cacheEntries.js';
import { dropKeys } from '../cacheKeys.js';
import { countTransition } from '../../sessions/countTransition.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { eventData } from '../eventData.js';
import { sleepDue } from '../sql/sleepDue.js';
import type { SweptRow } from '../sql/sweptRow.js';
import { recordLag } from './lag.js';
import { runSweep } from './sweep.js';
import type { SweepLimits, SweepOutcome } from './sweep.js';

/** Marks idle sessions dormant and drops what is cached of them. Any number of replicas may do it at once. */
export function sweepDormant(deps: LifecycleDependencies, limits: SweepLimits = {}): Promise<SweepOutcome> {
  const names = { operation: lifecycleOperations.sweepDormant.name, sweep: 'dormant' } as const;
  return runSweep(deps, names, limits, async (size) => {
    const [row] = await deps.database.query<SweptRow & { keys: readonly string[] | null }>(sleepDue, [size, eventData('idle')]);
    const { taken = 0, changed = 0, keys, some_ids: someIds = null } = row ?? {};
    countTransition(deps.record.transitions, 'active', 'dormant', 'sweep', changed);
    if (keys)
      await dropKeys(
        deps,
        keys.map((key) => latestContextKey(key).key),
      );
    if (taken < size) await recordLag(deps, 'dormant');
    return { taken, changed, someIds };
  });
}
