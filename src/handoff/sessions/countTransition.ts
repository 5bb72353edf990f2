import type { StateBefore, TransitionCauser } from '../../telemetry/catalogue/lifecycle.js';
import { ATTR_HANDOFF_SESSION_STATE_FROM, ATTR_HANDOFF_SESSION_STATE_TO, ATTR_HANDOFF_TRANSITION_CAUSER } from '../../telemetry/semconv.js';
import type { RecordPoint } from '../../telemetry/instruments.js';
import type { SessionState } from './sessionState.js';

/**
 * Counts transitions of one kind. None are not counted, so that a kind that never happened makes no time series, and neither is a change
 * that leaves the state as it was.
 *
 * @param from `none` for a session that is opened
 */
export function countTransition(record: RecordPoint, from: StateBefore, to: SessionState, by: TransitionCauser, count = 1): void {
  if (count === 0 || from === to) return;
  record(count, {
    [ATTR_HANDOFF_SESSION_STATE_FROM]: from,
    [ATTR_HANDOFF_SESSION_STATE_TO]: to,
    [ATTR_HANDOFF_TRANSITION_CAUSER]: by,
  });
}
