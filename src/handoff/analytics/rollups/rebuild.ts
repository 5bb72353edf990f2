import type { RollupKind } from '../../../telemetry/catalogue/analytics.js';
import { analyticsOperations } from '../../../telemetry/catalogue/analytics.js';
import { asRoots } from '../../../telemetry/rootOperation.js';
import type { RollupDependencies } from './dependencies.js';
import { kinds } from './kinds.js';
import { rollUp } from './rollUp.js';
import type { RollUpLimits, RollUpOutcome } from './rollUp.js';
import { noteRange } from './sql/lateRows.js';
import { firstTimes } from './sql/watermarks.js';

/**
 * Makes all buckets of a range anew, from the rows that are there and the facts of those that are not. Times whose log partitions were
 * dropped keep the buckets that they have.
 */
export function rebuild(deps: RollupDependencies, from: Date, to: Date, limits: RollUpLimits = {}): Promise<RollUpOutcome> {
  return asRoots(deps.observe)(analyticsOperations.rebuild.name, {}, async () => {
    const [first] = await deps.database.query<Readonly<Record<RollupKind, Date | null>>>(firstTimes);
    for (const { name } of kinds) await deps.database.query(noteRange, [name, from, to, first?.[name] ?? null]);
    return rollUp(deps, limits);
  });
}
