import { lifecycleOperations } from '../../../telemetry/catalogue/lifecycle.js';
import { countTransition } from '../countTransition.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { eventData } from '../eventData.js';
import { expireDue } from '../sql/expireDue.js';
import { scheduleMissing } from '../sql/scheduleMissing.js';
import type { SweptRow } from '../sql/sweptRow.js';
import { recordLag } from './lag.js';
import { runSweep } from './sweep.js';
import type { SweepLimits, SweepOutcome } from './sweep.js';

/** Ends the sessions whose time to live has passed. Any number of replicas may do it at once: each session is ended by one. */
export function sweepExpired(deps: LifecycleDependencies, limits: SweepLimits = {}): Promise<SweepOutcome> {
  const names = { operation: lifecycleOperations.sweepExpired.name, sweep: 'expire' } as const;
  let isFirst = true;
  return runSweep(deps, names, limits, async (size) => {
    if (isFirst) await scheduleAll(deps, size);
    isFirst = false;
    const [row] = await deps.database.query<SweptRow & { changed_dormant: number }>(expireDue, [size, eventData('idle')]);
    const { taken = 0, changed = 0, changed_dormant: dormant = 0, some_ids: someIds = null } = row ?? {};
    countTransition(deps.record, 'active', 'expired', 'sweep', changed - dormant);
    countTransition(deps.record, 'dormant', 'expired', 'sweep', dormant);
    if (taken < size) await recordLag(deps, 'expire');
    return { taken, changed, someIds };
  });
}

/** Sessions without a time of expiry are never due: they get one first. */
async function scheduleAll({ database }: LifecycleDependencies, size: number): Promise<void> {
  await database.query(scheduleMissing, [size, eventData('missing')]);
}
