import { handoffOperations } from '../../../telemetry/catalogue/handoffs.js';
import { ATTR_HANDOFF_ENTRY_COUNT, ATTR_HANDOFF_REQUEST_OUTCOME, ATTR_HANDOFF_REQUEST_TYPE } from '../../../telemetry/semconv.js';
import type { SessionDependencies } from '../dependencies.js';
import { despiteLostRaces } from '../lostRace.js';
import { forgetInboxes } from './sql/forgetInboxes.js';
import type { ForgottenRow } from './sql/forgetInboxes.js';
import { timeOutHandoffs as timeOut } from './sql/timeOutHandoffs.js';
import type { TimedOutRow } from './sql/timeOutHandoffs.js';

export interface TimeOutDependencies extends Pick<SessionDependencies, 'database' | 'observe' | 'recordHandoffOutcome'> {
  /** How long a target that uses its inbox may take to answer, in hours. */
  readonly handoffTimeoutHours: number;
}

/**
 * Times out handoffs whose targets use their inboxes and have not answered in time, at most `limit` of them, and returns how many.
 * Any number of processes may do so at once: each handoff is timed out once. Fewer than `limit` means that no others were due; agents
 * that no longer use their inboxes are forgotten then.
 */
export function timeOutHandoffs(deps: TimeOutDependencies, limit: number): Promise<number> {
  return deps.observe(handoffOperations.timeOut.name, {}, async (scope) => {
    const rows = await despiteLostRaces(() => deps.database.query<TimedOutRow>(timeOut, [deps.handoffTimeoutHours, limit]));
    for (const { request_type: requestType, handoffs } of rows) {
      deps.recordHandoffOutcome(handoffs, { [ATTR_HANDOFF_REQUEST_TYPE]: requestType, [ATTR_HANDOFF_REQUEST_OUTCOME]: 'timed_out' });
    }
    const total = rows.reduce((sum, { handoffs }) => sum + handoffs, 0);
    scope.add({ [ATTR_HANDOFF_ENTRY_COUNT]: total });
    if (total < limit) await forgetAll(deps);
    return total;
  });
}

const FORGET_BATCH = 1000;
/** What is left after as many batches is forgotten by the next sweep. */
const MAX_FORGET_BATCHES = 100;

async function forgetAll({ database }: TimeOutDependencies): Promise<void> {
  for (let batches = 0; batches < MAX_FORGET_BATCHES; batches += 1) {
    const [row] = await despiteLostRaces(() => database.query<ForgottenRow>(forgetInboxes, [FORGET_BATCH]));
    if ((row?.agents ?? 0) < FORGET_BATCH) return;
  }
}
