import { handoffOperations } from '../../../telemetry/catalogue/handoffs.js';
import {
  ATTR_GEN_AI_AGENT_NAME,
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_HANDOFF_REQUEST_OUTCOME,
  ATTR_HANDOFF_REQUEST_TYPE,
  ATTR_HANDOFF_SESSION_ID,
  ATTR_HANDOFF_SESSION_KEY,
} from '../../../telemetry/semconv.js';
import { activeTraceparent } from '../../../telemetry/traceparent.js';
import { countTransition } from '../countTransition.js';
import type { SessionDependencies } from '../dependencies.js';
import { despiteLostRaces } from '../lostRace.js';
import { stateOf } from '../sessionState.js';
import type { JsonObject } from '../types.js';
import { STATUS_AFTER, allowedAnswers } from './handoff.js';
import type { Handoff, HandoffAnswer } from './handoff.js';
import { acceptHandoff } from './sql/acceptHandoff.js';
import type { AnswerRow } from './sql/answerParts.js';
import { completeHandoff } from './sql/completeHandoff.js';
import { rejectHandoff } from './sql/rejectHandoff.js';

export interface AnswerRequest {
  readonly sessionKey: string;
  /** The agent that answers: the target of the handoff. */
  readonly agent: string;
  /** Default: the newest handoff of the session to this agent. */
  readonly handoffId?: string | undefined;
  /** The reason for rejecting it, or the result; not stored with an acceptance. */
  readonly answer?: JsonObject | undefined;
}

export type AnswerOutcome =
  | {
      readonly kind: 'answered';
      readonly handoff: Handoff;
      /** Status of the session after the answer. */
      readonly sessionStatus: string;
      /** The same agent had given the same answer before: this call changed nothing. */
      readonly isRepeated: boolean;
    }
  | { readonly kind: 'session_not_found' }
  /** An archived session takes no answer, an expired one cannot be accepted. */
  | { readonly kind: 'session_not_active'; readonly status: string }
  /** The session has no such handoff, or without an id none to this agent. */
  | { readonly kind: 'handoff_not_found' }
  | { readonly kind: 'agent_not_target'; readonly handoffId: string; readonly targetAgent: string | null }
  /** The handoff is in a state in which it does not take this answer. */
  | {
      readonly kind: 'handoff_not_open';
      readonly handoffId: string;
      readonly status: string;
      readonly allowed: readonly HandoffAnswer[];
    };

const STATEMENTS = { accept: acceptHandoff, reject: rejectHandoff, complete: completeHandoff } as const;

/** Gives the target's answer to a handoff. It may be given again, and by several processes at once: it counts once. */
export function answerHandoff(deps: SessionDependencies, kind: HandoffAnswer, request: AnswerRequest): Promise<AnswerOutcome> {
  const { sessionKey, agent, handoffId, answer } = request;
  const attributes = { [ATTR_HANDOFF_SESSION_KEY]: sessionKey, [ATTR_GEN_AI_AGENT_NAME]: agent };
  return deps.observe(handoffOperations[kind].name, attributes, async (scope) => {
    const values = [
      sessionKey,
      agent,
      handoffId ?? null,
      activeTraceparent() ?? null,
      ...(kind === 'accept' ? [] : [answer === undefined ? null : JSON.stringify(answer)]),
    ];
    const [row] = await despiteLostRaces(() => deps.database.query<AnswerRow>(STATEMENTS[kind], values));
    if (row !== undefined) scope.add({ [ATTR_HANDOFF_SESSION_ID]: row.session_id, [ATTR_GEN_AI_CONVERSATION_ID]: row.session_id });
    const outcome = outcomeOf(row, kind, agent);
    if (row === undefined || outcome.kind !== 'answered') {
      scope.fail(outcome.kind);
      return outcome;
    }
    scope.add({ [ATTR_HANDOFF_REQUEST_TYPE]: row.request_type });
    if (row.changed) {
      countMove(deps, kind, row);
      const labels = { [ATTR_HANDOFF_REQUEST_TYPE]: row.request_type, [ATTR_HANDOFF_REQUEST_OUTCOME]: row.status };
      deps.recordHandoffOutcome(1, labels);
      deps.recordHandoffAnswer(row.age_s, labels);
    }
    return outcome;
  });
}

/** Only accepting a full handoff moves its session, into the state `active`. */
function countMove({ recordTransition }: SessionDependencies, kind: HandoffAnswer, row: AnswerRow): void {
  if (kind !== 'accept' || row.request_type !== 'full_handoff') return;
  const before = stateOf({ status: row.status_before, isDormant: row.was_dormant === true, isArchived: false });
  countTransition(recordTransition, before, 'active', 'agent');
}

function outcomeOf(row: AnswerRow | undefined, kind: HandoffAnswer, agent: string): AnswerOutcome {
  if (row === undefined) return { kind: 'session_not_found' };
  const { handoff_id: handoffId, target_agent: targetAgent, session_status: sessionStatus, status } = row;
  // What an archived session had is in the archive: that it has no such handoff would be wrong.
  if (sessionStatus === 'archived') return { kind: 'session_not_active', status: sessionStatus };
  if (handoffId === null) return { kind: 'handoff_not_found' };
  if (targetAgent !== agent) return { kind: 'agent_not_target', handoffId, targetAgent };
  if (row.changed || status === STATUS_AFTER[kind]) {
    return { kind: 'answered', handoff: toHandoff(row, handoffId), sessionStatus, isRepeated: !row.changed };
  }
  const allowed = allowedAnswers(status);
  // The handoff would take the answer, so it is the session that does not.
  if (allowed.includes(kind)) return { kind: 'session_not_active', status: sessionStatus };
  return { kind: 'handoff_not_open', handoffId, status, allowed };
}

function toHandoff(row: AnswerRow, handoffId: string): Handoff {
  return {
    handoffId,
    sessionKey: row.session_key,
    requestingAgent: row.requesting_agent,
    targetAgent: row.target_agent,
    requestType: row.request_type,
    status: row.status,
    createdAt: row.created_at,
    deliveredAt: row.delivered_at,
    answeredAt: row.answered_at,
    completedAt: row.completed_at,
    answer: row.answer,
  };
}
