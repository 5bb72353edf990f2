import type { Sessions } from '../../sessions/sessions.js';
import { readIcon } from '../icons.js';
import { sessionKey } from './arguments.js';
import { summaryOutput } from './outputs.js';
import { failure, success } from './reply.js';
import { notFound } from './sessionFailures.js';
import type { ToolDefinition } from './toolDefinition.js';

export function getSummaryTool(sessions: Sessions) {
  const shape = { sessionKey };
  return {
    name: 'get_summary',
    title: 'Read the summary',
    description: 'Reads a summary of a session: what happened, its key points and who took part, without its content.',
    icons: readIcon,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    output: summaryOutput,
    internalError: 'Failed to read summary',
    run: async (args) => {
      const summary = await sessions.summary(args.sessionKey);
      return summary === undefined ? failure(...notFound(args.sessionKey)) : success(summary);
    },
  } satisfies ToolDefinition<typeof shape>;
}
