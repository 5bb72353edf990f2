import { lifecycleOperations } from '../../../telemetry/catalogue/lifecycle.js';
import { countTransition } from '../../sessions/countTransition.js';
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
  let someMayLackTime = true;
  return runSweep(deps, names, limits, async (size) => {
    if (someMayLackTime) someMayLackTime = await schedule(deps, size);
    const [row] = await deps.database.query<SweptRow & { changed_dormant: number }>(expireDue, [size, eventData('idle')]);
    const { taken = 0, changed = 0, changed_dormant: dormant = 0, some_ids: someIds = null } = row ?? {};
    countTransition(deps.record.transitions, 'active', 'expired', 'sweep', changed - dormant);
    countTransition(deps.record.transitions, 'dormant', 'expired', 'sweep', dormant);
    if (taken < size && !someMayLackTime) await recordLag(deps, 'expire');
    return { taken, changed, someIds, hasMore: taken >= size || someMayLackTime };
  });
}

/** Sessions without a time of expiry are never due: some of them get one first. Returns whether there may be others. */
async function schedule({ database }: LifecycleDependencies, size: number): Promise<boolean> {
  const [row] = await database.query<SweptRow>(scheduleMissing, [size, eventData('missing')]);
  return (row?.taken ?? 0) >= size;
}
