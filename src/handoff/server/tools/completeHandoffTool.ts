import type { Sessions } from '../../sessions/sessions.js';
import { answerReply, answerShape, answerTool } from './answerTool.js';
import { jsonObject } from './arguments.js';
import type { ArgumentLimits } from './arguments.js';
import type { ToolDefinition } from './toolDefinition.js';

export function completeHandoffTool(sessions: Sessions, limits: ArgumentLimits) {
  const shape = { ...answerShape, result: jsonObject('What came of it', limits) };
  return {
    ...answerTool,
    name: 'complete_handoff',
    title: 'Complete a handoff',
    description:
      'Reports that the work of an accepted handoff is done. The session stays as it is: if it is active, you can still add to it and hand it on. Calling this again changes nothing: the first result counts.',
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    internalError: 'Failed to complete handoff',
    run: async ({ result, ...args }) =>
      answerReply('complete', args, await sessions.completeHandoff({ ...args, answer: result }), ({ handoff, sessionStatus }) =>
        sessionStatus === 'active'
          ? [`Session ${handoff.sessionKey} is still active: it can be added to, or handed on with request_handoff`]
          : [],
      ),
  } satisfies ToolDefinition<typeof shape>;
}
