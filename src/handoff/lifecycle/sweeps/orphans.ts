import { lifecycleOperations } from '../../../telemetry/catalogue/lifecycle.js';
import { countTransition } from '../../sessions/countTransition.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { eventData } from '../eventData.js';
import { contextIsBound } from '../sql/contextIsBound.js';
import { deleteStrayContext } from '../sql/deleteStrayContext.js';
import { expireOrphans } from '../sql/expireOrphans.js';
import type { SweptRow } from '../sql/sweptRow.js';
import { FIRST_ID, FIRST_TIME } from './keyset.js';
import { sweepLeftovers } from './leftovers.js';
import { runSweep } from './sweep.js';
import type { Batch, SweepLimits, SweepOutcome } from './sweep.js';

interface OrphansRow extends SweptRow {
  readonly changed_dormant: number;
  readonly next_time: string | null;
  readonly next_id: string | null;
}

/**
 * Ends abandoned sessions, deletes entries without a session where no foreign key forbids them, and removes what unfinished archives
 * have left. `changed` counts the sessions. Any number of replicas may do it at once.
 */
export function sweepOrphans(deps: LifecycleDependencies, limits: SweepLimits = {}): Promise<SweepOutcome> {
  const names = { operation: lifecycleOperations.sweepOrphans.name, sweep: 'orphans' } as const;
  const startMs = deps.clock.monotonicMs();
  let after: Position | undefined = { time: FIRST_TIME, id: FIRST_ID };
  let strayAfter: string | undefined;
  return runSweep(deps, names, limits, async (size) => {
    if (after !== undefined) {
      const { next, ...batch } = await endAbandoned(deps, size, after);
      after = next;
      if (next === undefined) {
        await sweepLeftovers(deps, limits, startMs);
        strayAfter = (await hasStrays(deps)) ? FIRST_ID : undefined;
      }
      return { ...batch, hasMore: next !== undefined || strayAfter !== undefined };
    }
    const [row] = await deps.database.query<{ next_id: string | null }>(deleteStrayContext, [strayAfter ?? FIRST_ID, size]);
    strayAfter = row?.next_id ?? undefined;
    return { taken: 0, changed: 0, hasMore: strayAfter !== undefined };
  });
}

interface Position {
  readonly time: string;
  readonly id: string;
}

async function endAbandoned(
  deps: LifecycleDependencies,
  size: number,
  after: Position,
): Promise<Batch & { readonly next: Position | undefined }> {
  const [row] = await deps.database.query<OrphansRow>(expireOrphans, [size, eventData('orphaned'), after.time, after.id]);
  const { taken = 0, changed = 0, changed_dormant: dormant = 0, some_ids: someIds = null, next_time: time, next_id: id } = row ?? {};
  countTransition(deps.record.transitions, 'active', 'expired', 'sweep', changed - dormant);
  countTransition(deps.record.transitions, 'dormant', 'expired', 'sweep', dormant);
  return { taken, changed, someIds, next: taken >= size && time && id ? { time, id } : undefined };
}

async function hasStrays({ database }: LifecycleDependencies): Promise<boolean> {
  const [row] = await database.query<{ bound: boolean }>(contextIsBound);
  return row?.bound !== true;
}
