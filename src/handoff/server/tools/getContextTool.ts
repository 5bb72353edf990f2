import { z } from 'zod';
import type { Sessions } from '../../sessions/sessions.js';
import { contextParts, contextTypes } from '../../sessions/types.js';
import { MAX_CONTEXT_LIMIT, contextAnswer } from '../answers/contextAnswer.js';
import { readIcon } from '../icons.js';
import { MAX_OFFSET, MAX_SEQUENCE_NUMBER, sessionKey } from './arguments.js';
import { contextOutput } from './outputs.js';
import { failure, success } from './reply.js';
import { entryNotFound, notFound } from './sessionFailures.js';
import type { ToolDefinition } from './toolDefinition.js';

function wholeNumber(min: number, max: number, what: string) {
  return z.int().min(min, `is smaller than ${min}`).max(max, `is larger than ${max}`).optional().describe(`${what}: ${min} to ${max}`);
}

export function getContextTool(sessions: Sessions) {
  const shape = {
    sessionKey,
    after: wholeNumber(0, MAX_SEQUENCE_NUMBER, 'Only entries after this sequenceNumber: the nextAfter of the previous page'),
    limit: wholeNumber(1, MAX_CONTEXT_LIMIT, 'Maximum number of entries'),
    type: z
      .enum(contextTypes)
      .optional()
      .describe(`Only entries of this kind, one of: ${contextTypes.join(', ')}`),
    part: z
      .enum(contextParts)
      .optional()
      .describe(`Read a range of what was cut, one of: ${contextParts.join(', ')}`),
    entry: wholeNumber(1, MAX_SEQUENCE_NUMBER, 'With part content or metadata: sequenceNumber of the entry'),
    offset: wholeNumber(0, MAX_OFFSET, 'With part: characters to skip, the nextOffset of the cut or of the previous range'),
  };
  return {
    name: 'get_context',
    title: 'Read the context',
    description:
      'Reads a session with its entries in order and a summary. While the answer has nextAfter, there are more entries. ' +
      'An entry that is too large for one answer is shortened and has cut: read the rest with part, entry and offset.',
    icons: readIcon,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    output: contextOutput,
    internalError: 'Failed to read context',
    run: async (args, room) => {
      const answer = await contextAnswer(sessions, args, room());
      if (answer.kind === 'session_not_found') return failure(...notFound(args.sessionKey));
      if (answer.kind === 'entry_not_found') return failure(...entryNotFound(args.sessionKey, answer.entry));
      if (answer.kind === 'invalid') return failure('Invalid input', { problems: answer.problems });
      return success(answer.body);
    },
  } satisfies ToolDefinition<typeof shape>;
}
