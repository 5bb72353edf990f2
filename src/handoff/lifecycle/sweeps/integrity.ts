import { lifecycleOperations } from '../../../telemetry/catalogue/lifecycle.js';
import { ATTR_HANDOFF_SESSION_PROBLEM } from '../../../telemetry/semconv.js';
import type { Queryable } from '../../storage/database.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { beginPosition } from '../sql/beginPosition.js';
import { claimPosition } from '../sql/claimPosition.js';
import type { PositionRow } from '../sql/claimPosition.js';
import { findProblems } from '../sql/findProblems.js';
import type { ProblemsRow } from '../sql/findProblems.js';
import { readCommitted } from '../sql/readCommitted.js';
import { writePosition } from '../sql/writePosition.js';
import { FIRST_ID } from './keyset.js';
import { runSweep } from './sweep.js';
import type { Batch, SweepLimits, SweepOutcome } from './sweep.js';

const POSITION = 'integrity';
/** Entries are counted for each session, so that a page holds fewer sessions than one of the other sweeps. */
const MAX_PAGE = 200;

/**
 * Looks for sessions in impossible states and for gaps in the numbers of their entries. `changed` counts the problems that were not
 * known.
 *
 * It reads the whole table, so it goes on where it was stopped, whichever replica continues; `isComplete` says that it reached the
 * end, after which it begins again. Where another replica is at it, it stops at once.
 */
export function sweepIntegrity(deps: LifecycleDependencies, limits: SweepLimits = {}): Promise<SweepOutcome> {
  const names = { operation: lifecycleOperations.sweepIntegrity.name, sweep: 'integrity' } as const;
  let isFirst = true;
  return runSweep(deps, names, limits, async (size) => {
    if (isFirst) await deps.database.query(beginPosition, [POSITION, FIRST_ID]);
    isFirst = false;
    return deps.database.transaction((claimed) => page(deps, claimed, Math.min(size, MAX_PAGE)));
  });
}

async function page({ record }: LifecycleDependencies, claimed: Queryable, size: number): Promise<Batch> {
  await claimed.query(readCommitted);
  const [position] = await claimed.query<PositionRow>(claimPosition, [POSITION]);
  if (position === undefined) return { taken: 0, changed: 0, hasMore: false };
  const [row] = await claimed.query<ProblemsRow>(findProblems, [position.position, size, JSON.stringify({ found_by: 'sweep' })]);
  const { taken = 0, next_id: next = null, problems = [] } = row ?? {};
  const hasMore = taken >= size && next !== null;
  await claimed.query(writePosition, [POSITION, hasMore ? next : FIRST_ID]);
  for (const problem of problems) record.problems(1, { [ATTR_HANDOFF_SESSION_PROBLEM]: problem });
  return { taken, changed: problems.length, hasMore };
}
