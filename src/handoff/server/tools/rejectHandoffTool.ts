import type { z } from 'zod';
import type { Sessions } from '../../sessions/sessions.js';
import { answerReply, answerShape, answerTool } from './answerTool.js';
import { storableText } from './arguments.js';
import type { ToolDefinition } from './toolDefinition.js';

const MAX_REASON_LENGTH = 1000;
const REASON = `Why it is rejected: 1 to ${MAX_REASON_LENGTH} characters`;

export function rejectHandoffTool(sessions: Sessions) {
  const shape = { ...answerShape, reason: storableText(MAX_REASON_LENGTH).optional().describe(REASON) } satisfies Record<string, z.ZodType>;
  return {
    ...answerTool,
    name: 'reject_handoff',
    title: 'Reject a handoff',
    description:
      'Rejects a pending handoff, which cannot be undone. The session stays as it is: after a full_handoff it is completed and can only be read. Calling this again changes nothing.',
    // The handoff can no longer be accepted.
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    shape,
    internalError: 'Failed to reject handoff',
    run: async ({ reason, ...args }) =>
      answerReply(
        'reject',
        args,
        await sessions.rejectHandoff({ ...args, ...(reason === undefined ? {} : { answer: { reason } }) }),
        () => ['The agent that handed over sees the rejection in handoff://lifecycle/{sessionKey}'],
      ),
  } satisfies ToolDefinition<typeof shape>;
}
