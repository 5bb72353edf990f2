import type { AnswerOutcome } from '../../sessions/handoffs/answerHandoff.js';
import type { HandoffAnswer } from '../../sessions/handoffs/handoff.js';
import { failure } from './reply.js';
import type { ToolReply } from './reply.js';
import { notActive, notFound } from './sessionFailures.js';

interface Asked {
  readonly sessionKey: string;
  readonly agent: string;
  readonly handoffId?: string | undefined;
}

const PAST: Readonly<Record<HandoffAnswer, string>> = { accept: 'accepted', reject: 'rejected', complete: 'completed' };

const ARCHIVED =
  'The session is archived: it can be read. Its handoffs can only be accepted, rejected or completed after an operator has restored it with handoff-otel archive restore.';

/** What an answer to a handoff is told when it cannot be given. */
export function answerFailure(
  kind: HandoffAnswer,
  { sessionKey, agent, handoffId }: Asked,
  outcome: Exclude<AnswerOutcome, { kind: 'answered' }>,
): ToolReply {
  switch (outcome.kind) {
    case 'session_not_found':
      return failure(...notFound(sessionKey));
    case 'session_not_active': {
      const [error, body] = notActive(sessionKey, outcome.status);
      return failure(error, outcome.status === 'archived' ? { ...body, hint: ARCHIVED } : body);
    }
    case 'handoff_not_found':
      return failure('Handoff not found', {
        sessionKey,
        agent,
        ...(handoffId === undefined ? {} : { handoffId }),
        hint: 'list_handoffs shows the handoffs to an agent. The name of the agent must be spelled exactly as in the handoff.',
      });
    case 'agent_not_target':
      return failure('Agent is not the target of the handoff', {
        sessionKey,
        agent,
        handoffId: outcome.handoffId,
        targetAgent: outcome.targetAgent,
        hint: 'Only the target agent of a handoff can accept, reject or complete it.',
      });
    case 'handoff_not_open': {
      const allowed = outcome.allowed.map((answer) => `${answer}_handoff`);
      return failure(`Handoff cannot be ${PAST[kind]}`, {
        sessionKey,
        handoffId: outcome.handoffId,
        currentStatus: outcome.status,
        allowed,
        hint:
          allowed.length > 0
            ? `It is ${outcome.status}: call ${allowed.join(' or ')}.`
            : `It is ${outcome.status}, which is final. The session can be read; to continue, register a new one.`,
      });
    }
  }
}
