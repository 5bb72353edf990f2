import { lifecycleOperations } from '../../../telemetry/catalogue/lifecycle.js';
import { ATTR_HANDOFF_SESSION_PROBLEM } from '../../../telemetry/semconv.js';
import type { Queryable } from '../../storage/database.js';
import type { LifecycleDependencies } from '../dependencies.js';
import { beginPosition } from '../sql/beginPosition.js';
import { claimPosition } from '../sql/claimPosition.js';
import type { PositionRow } from '../sql/claimPosition.js';
import { findGap } from '../sql/findGap.js';
import type { GapRow } from '../sql/findGap.js';
import { findProblems } from '../sql/findProblems.js';
import type { ProblemsRow } from '../sql/findProblems.js';
import { writePosition } from '../sql/writePosition.js';
import { parsePosition, positionText } from './integrityPosition.js';
import type { IntegrityPosition } from './integrityPosition.js';
import { FIRST_ID } from './keyset.js';
import { runSweep } from './sweep.js';
import type { Batch, SweepLimits, SweepOutcome } from './sweep.js';

const POSITION = 'integrity';
/** Entries are counted for each session, so that a page holds fewer sessions than one of the other sweeps. */
const MAX_PAGE = 200;
/** Entries of each session that a page looks at. Most sessions have fewer; a page of long ones reads a million numbers from the index. */
const FIRST_PART = 5000;
/** Entries that one step looks at, of a session that has more. */
const PART = 50_000;
const EVENT_DATA = JSON.stringify({ found_by: 'sweep' });

/**
 * Looks for sessions in impossible states and for gaps in the numbers of their entries. `changed` counts the problems that were not
 * known.
 *
 * It reads the whole table and the numbers of all entries, so it goes on where it was stopped, also in the middle of a long session,
 * whichever replica continues; `isComplete` says that it reached the
 * end, after which it begins again. Where another replica is at it, it stops at once.
 */
export function sweepIntegrity(deps: LifecycleDependencies, limits: SweepLimits = {}): Promise<SweepOutcome> {
  const names = { operation: lifecycleOperations.sweepIntegrity.name, sweep: 'integrity' } as const;
  let isFirst = true;
  return runSweep(deps, names, limits, async (size) => {
    if (isFirst) await deps.database.query(beginPosition, [POSITION, FIRST_ID]);
    isFirst = false;
    return deps.database.transaction((claimed) => step(deps, claimed, Math.min(size, MAX_PAGE)));
  });
}

async function step({ record }: LifecycleDependencies, claimed: Queryable, size: number): Promise<Batch> {
  const [position] = await claimed.query<PositionRow>(claimPosition, [POSITION]);
  if (position === undefined) return { taken: 0, changed: 0, hasMore: false };
  const done = await look(claimed, parsePosition(position.position), size);
  await claimed.query(writePosition, [POSITION, positionText(done.next)]);
  for (const problem of done.problems) record.problems(1, { [ATTR_HANDOFF_SESSION_PROBLEM]: problem });
  const { after, long } = done.next;
  return { taken: done.taken, changed: done.problems.length, hasMore: after !== FIRST_ID || long.length > 0 };
}

interface Look {
  readonly taken: number;
  readonly problems: readonly string[];
  readonly next: IntegrityPosition;
}

/** Long sessions come first: otherwise a table of them would make the position ever longer. */
async function look(claimed: Queryable, { after, long }: IntegrityPosition, size: number): Promise<Look> {
  const [first, ...others] = long;
  if (first !== undefined) {
    const [row] = await claimed.query<GapRow>(findGap, [first.id, first.upTo, PART, EVENT_DATA]);
    const { next = null, problems = [] } = row ?? {};
    return { taken: 0, problems, next: { after, long: next === null ? others : [{ id: first.id, upTo: next }, ...others] } };
  }
  const [row] = await claimed.query<ProblemsRow>(findProblems, [after, size, EVENT_DATA, FIRST_PART]);
  const { taken = 0, next_id: next = null, problems = [], long_ids: longIds = [] } = row ?? {};
  const isEnd = taken < size || next === null;
  return { taken, problems, next: { after: isEnd ? FIRST_ID : next, long: longIds.map((id) => ({ id, upTo: FIRST_PART })) } };
}
