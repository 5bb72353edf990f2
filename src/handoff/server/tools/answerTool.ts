import type { z } from 'zod';
import type { AnswerOutcome } from '../../sessions/handoffs/answerHandoff.js';
import type { Handoff, HandoffAnswer } from '../../sessions/handoffs/handoff.js';
import { handoffIcon } from '../icons.js';
import { agent, handoffId, sessionKey } from './arguments.js';
import { answerFailure } from './handoffFailures.js';
import { handoffAnswerOutput } from './outputs.js';
import { success } from './reply.js';
import type { ToolReply } from './reply.js';

/** Arguments that every answer to a handoff has. */
export const answerShape = {
  sessionKey,
  agent: agent('Name of the agent that answers, which must be the target of the handoff'),
  handoffId,
};

/** What the three tools that answer a handoff have in common. */
export const answerTool = { icons: handoffIcon, output: handoffAnswerOutput } as const;

type Asked = z.output<z.ZodObject<typeof answerShape>>;

/** Turns the outcome of an answer into the reply, with what comes next. */
export function answerReply(
  kind: HandoffAnswer,
  asked: Asked,
  outcome: AnswerOutcome,
  nextSteps: (given: Answered) => readonly string[],
): ToolReply {
  if (outcome.kind !== 'answered') return answerFailure(kind, asked, outcome);
  const { handoff, sessionStatus, isRepeated } = outcome;
  // The answer is not repeated to the one who gave it: it may be as large as an answer of ours.
  const { answer: _given, ...shown } = handoff;
  return success({
    message: `Handoff ${handoff.status}`,
    handoff: shown,
    session: { sessionKey: handoff.sessionKey, status: sessionStatus },
    ...(isRepeated ? { repeated: true } : {}),
    nextSteps: nextSteps({ handoff, sessionStatus }),
  });
}

export interface Answered {
  readonly handoff: Handoff;
  readonly sessionStatus: string;
}
