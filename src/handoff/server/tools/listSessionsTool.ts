import { z } from 'zod';
import { InvalidCursorError } from '../../../errors/invalidCursorError.js';
import type { Sessions } from '../../sessions/sessions.js';
import { sessionStatuses } from '../../sessions/types.js';
import { DEFAULT_SESSIONS_LIMIT, MAX_SESSIONS_LIMIT, sessionsAnswer } from '../answers/sessionsAnswer.js';
import { listIcon } from '../icons.js';
import { agent } from './arguments.js';
import { sessionsOutput } from './outputs.js';
import { failure, success } from './reply.js';
import type { ToolDefinition } from './toolDefinition.js';

const CURSOR = 'nextCursor of the previous page';

export function listSessionsTool(sessions: Sessions) {
  const agentName = agent('Only sessions that this agent opened or received, now or earlier');
  const shape = {
    status: z
      .enum(sessionStatuses)
      .optional()
      .describe(`Only sessions in this state, one of: ${sessionStatuses.join(', ')}`),
    agent: agentName.optional().describe(agentName.description ?? ''),
    dormant: z.boolean().optional().describe('true: only dormant sessions; false: only those that are not dormant'),
    limit: z
      .int()
      .min(1, 'is smaller than 1')
      .max(MAX_SESSIONS_LIMIT, `is larger than ${MAX_SESSIONS_LIMIT}`)
      .optional()
      .describe(`Maximum number of sessions: 1 to ${MAX_SESSIONS_LIMIT}; default ${DEFAULT_SESSIONS_LIMIT}`),
    cursor: z.string().min(1, 'is empty').max(512, 'is longer than 512 characters').optional().describe(CURSOR),
  };
  return {
    name: 'list_sessions',
    title: 'List sessions',
    description: 'Lists sessions, newest first: all of them or those of one agent. While the answer has nextCursor, there are more.',
    icons: listIcon,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    output: sessionsOutput,
    internalError: 'Failed to list sessions',
    run: async (args, room) => {
      try {
        const { items, nextCursor } = await sessionsAnswer(sessions, args, room());
        return success({ sessions: items, ...(nextCursor === undefined ? {} : { nextCursor }) });
      } catch (thrown) {
        if (!(thrown instanceof InvalidCursorError)) throw thrown;
        return failure('Invalid input', { problems: [{ path: 'cursor', problem: 'was not issued by this server', allowed: CURSOR }] });
      }
    },
  } satisfies ToolDefinition<typeof shape>;
}
