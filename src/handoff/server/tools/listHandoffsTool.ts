import { z } from 'zod';
import { InvalidCursorError } from '../../../errors/invalidCursorError.js';
import { handoffStatuses } from '../../sessions/handoffs/handoff.js';
import type { Sessions } from '../../sessions/sessions.js';
import { requestTypes } from '../../sessions/types.js';
import { DEFAULT_HANDOFFS_LIMIT, MAX_HANDOFFS_LIMIT, handoffsAnswer } from '../answers/handoffsAnswer.js';
import { listIcon } from '../icons.js';
import { agent } from './arguments.js';
import { handoffsOutput } from './outputs.js';
import { failure, success } from './reply.js';
import type { ToolDefinition } from './toolDefinition.js';

const CURSOR = 'nextCursor of the previous page';

export function listHandoffsTool(sessions: Sessions) {
  const shape = {
    agent: agent('Name of the agent whose inbox it is: the target of the handoffs'),
    status: z
      .enum(handoffStatuses)
      .optional()
      .describe(`Only handoffs in this state, one of: ${handoffStatuses.join(', ')}`),
    requestType: z
      .enum(requestTypes)
      .optional()
      .describe(`Only handoffs of this kind, one of: ${requestTypes.join(', ')}`),
    limit: z
      .int()
      .min(1, 'is smaller than 1')
      .max(MAX_HANDOFFS_LIMIT, `is larger than ${MAX_HANDOFFS_LIMIT}`)
      .optional()
      .describe(`Maximum number of handoffs: 1 to ${MAX_HANDOFFS_LIMIT}; default ${DEFAULT_HANDOFFS_LIMIT}`),
    cursor: z.string().min(1, 'is empty').max(512, 'is longer than 512 characters').optional().describe(CURSOR),
  };
  return {
    name: 'list_handoffs',
    title: 'List handoffs',
    description:
      'Lists the handoffs to an agent, newest first: its inbox. While the answer has nextCursor, there are more. ' +
      'Accept or reject pending handoffs: once you use this inbox, handoffs that you leave pending time out.',
    icons: listIcon,
    // It notes that the agent uses its inbox, on which time-outs depend.
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    output: handoffsOutput,
    internalError: 'Failed to list handoffs',
    run: async (args, room) => {
      try {
        const { items, nextCursor } = await handoffsAnswer(sessions, args, room());
        return success({ handoffs: items, ...(nextCursor === undefined ? {} : { nextCursor }) });
      } catch (thrown) {
        if (!(thrown instanceof InvalidCursorError)) throw thrown;
        return failure('Invalid input', { problems: [{ path: 'cursor', problem: 'was not issued by this server', allowed: CURSOR }] });
      }
    },
  } satisfies ToolDefinition<typeof shape>;
}
