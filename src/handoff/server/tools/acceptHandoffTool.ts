import type { Sessions } from '../../sessions/sessions.js';
import { answerReply, answerShape, answerTool } from './answerTool.js';
import type { Answered } from './answerTool.js';
import type { ToolDefinition } from './toolDefinition.js';

export function acceptHandoffTool(sessions: Sessions) {
  return {
    ...answerTool,
    name: 'accept_handoff',
    title: 'Accept a handoff',
    description:
      'Accepts a handoff that list_handoffs shows as pending. Accepting a full_handoff makes its session active again under your name: you can add to it and hand it on. ' +
      'For the other types it only records that you accepted. Calling this again changes nothing.',
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape: answerShape,
    internalError: 'Failed to accept handoff',
    run: async (args) => answerReply('accept', args, await sessions.acceptHandoff(args), nextSteps),
  } satisfies ToolDefinition<typeof answerShape>;
}

function nextSteps({ handoff: { sessionKey }, sessionStatus }: Answered): readonly string[] {
  return [
    `Read what happened with get_summary and get_context on session ${sessionKey}`,
    sessionStatus === 'active'
      ? `Add to session ${sessionKey} with update_context, and set agent to your name`
      : `Session ${sessionKey} is ${sessionStatus} and can only be read: continue in a session of your own, opened with register_session`,
    'Call complete_handoff when you have done what was asked',
  ];
}
