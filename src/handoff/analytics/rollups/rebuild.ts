import { analyticsOperations } from '../../../telemetry/catalogue/analytics.js';
import { asRoots } from '../../../telemetry/rootOperation.js';
import type { RollupDependencies } from './dependencies.js';
import { kinds } from './kinds.js';
import { rollUp } from './rollUp.js';
import type { RollUpLimits, RollUpOutcome } from './rollUp.js';
import { noteRange } from './sql/lateRows.js';

/**
 * Makes all buckets of a range anew, from the rows that are there and the facts of those that are not. Times whose log partitions were
 * dropped keep the buckets that they have.
 */
export function rebuild(deps: RollupDependencies, from: Date, to: Date, limits: RollUpLimits = {}): Promise<RollUpOutcome> {
  return asRoots(deps.observe)(analyticsOperations.rebuild.name, {}, async () => {
    for (const { name } of kinds) await deps.database.query(noteRange, [name, from, to]);
    return rollUp(deps, limits);
  });
}
