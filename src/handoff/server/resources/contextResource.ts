import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Sessions } from '../../sessions/sessions.js';
import { contextParts, contextTypes } from '../../sessions/types.js';
import { MAX_CONTEXT_LIMIT, contextAnswer } from '../answers/contextAnswer.js';
import { readIcon } from '../icons.js';
import { MAX_OFFSET, MAX_SEQUENCE_NUMBER, sessionKey } from '../tools/arguments.js';
import { decoded, parseParameters, wholeNumber } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';
import { unknownEntry, unknownSession } from './notFound.js';

export function contextResource(sessions: Sessions): ResourceDefinition {
  const schema = z.object({
    sessionKey,
    after: wholeNumber(0, MAX_SEQUENCE_NUMBER),
    limit: wholeNumber(1, MAX_CONTEXT_LIMIT),
    type: z
      .enum(contextTypes)
      .optional()
      .describe(`one of ${contextTypes.join(', ')}`),
    part: z
      .enum(contextParts)
      .optional()
      .describe(`one of ${contextParts.join(', ')}`),
    entry: wholeNumber(1, MAX_SEQUENCE_NUMBER),
    offset: wholeNumber(0, MAX_OFFSET),
  });
  return {
    name: 'context',
    title: 'Context of a session',
    description:
      `A session with its history in order and a summary. Up to ${MAX_CONTEXT_LIMIT} entries; nextAfter, when present, is the value of \`after\` for the next page. ` +
      'An entry that is too large is shortened and has `cut`; read the rest in ranges, with part, entry and offset.',
    icons: readIcon,
    uri: {
      template: 'handoff://context/{sessionKey}{?after,limit,type,part,entry,offset}',
      prefix: 'handoff://context/',
      parameter: 'sessionKey',
      suffix: '',
      query: ['after', 'limit', 'type', 'part', 'entry', 'offset'],
    },
    read: async (uri, variables, room) => {
      const key = decoded(variables['sessionKey']);
      const answer = await contextAnswer(sessions, parseParameters(schema, { ...variables, sessionKey: key }), room);
      if (answer.kind === 'session_not_found') throw unknownSession(uri, key);
      if (answer.kind === 'entry_not_found') throw unknownEntry(uri, key, answer.entry);
      if (answer.kind === 'answer') return { body: answer.body };
      const text = answer.problems.map(({ path, problem, allowed }) => `${path} ${problem} (allowed: ${allowed})`).join('; ');
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid resource parameters: ${text}`, { problems: answer.problems });
    },
  };
}
