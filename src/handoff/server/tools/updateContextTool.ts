import type { Sessions } from '../../sessions/sessions.js';
import { writeIcon } from '../icons.js';
import { agent, content, contextType, jsonObject, sessionKey } from './arguments.js';
import type { ArgumentLimits } from './arguments.js';
import { updateOutput } from './outputs.js';
import { failure, success } from './reply.js';
import { notActive, notFound } from './sessionFailures.js';
import type { ToolDefinition } from './toolDefinition.js';

export function updateContextTool(sessions: Sessions, limits: ArgumentLimits) {
  const author = agent('Name of the agent that writes the entry');
  const shape = {
    sessionKey,
    contextType,
    content: content(limits),
    metadata: jsonObject('Facts about the entry', limits),
    agent: author.optional().describe(`${author.description ?? ''}; shown with the entry`),
  };
  return {
    name: 'update_context',
    title: 'Add context',
    description:
      'Adds an entry to an active session. Entries are numbered in the order in which they are accepted. Set agent to your own name.',
    icons: writeIcon,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    shape,
    output: updateOutput,
    internalError: 'Failed to update context',
    run: async (args) => {
      const outcome = await sessions.append(args);
      if (outcome.kind === 'session_not_found') return failure(...notFound(args.sessionKey));
      if (outcome.kind === 'session_not_active') return failure(...notActive(args.sessionKey, outcome.status));
      const { id, sequenceNumber, createdAt } = outcome.entry;
      const writer = args.agent === undefined ? {} : { agent: args.agent };
      return success({
        message: 'Context updated successfully',
        contextEntry: { id, sequenceNumber, contextType: args.contextType, contentLength: args.content.length, createdAt, ...writer },
        session: outcome.session,
      });
    },
  } satisfies ToolDefinition<typeof shape>;
}
