import { ATTR_HANDOFF_SESSION_STATE_FROM, ATTR_HANDOFF_SESSION_STATE_TO, ATTR_HANDOFF_TRANSITION_CAUSER } from '../../telemetry/semconv.js';
import type { LifecycleRecorders } from './dependencies.js';
import type { SessionState } from '../sessions/sessionState.js';
import type { Causer } from './transitionTable.js';

/** Counts transitions of one kind; none are not counted, so that a kind that never happened makes no time series. */
export function countTransition(
  record: LifecycleRecorders,
  from: SessionState,
  to: SessionState,
  by: Exclude<Causer, 'agent'>,
  count = 1,
): void {
  if (count === 0) return;
  record.transitions(count, {
    [ATTR_HANDOFF_SESSION_STATE_FROM]: from,
    [ATTR_HANDOFF_SESSION_STATE_TO]: to,
    [ATTR_HANDOFF_TRANSITION_CAUSER]: by,
  });
}
