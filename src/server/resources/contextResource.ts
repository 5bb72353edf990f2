import { z } from 'zod';
import type { Sessions } from '../../lifecycle/sessions.js';
import { contextTypes } from '../../lifecycle/types.js';
import { sessionKey } from '../tools/arguments.js';
import { decoded, parseParameters, wholeNumber } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';
import { unknownSession } from './unknownSession.js';

const MAX_LIMIT = 1000;
const MAX_SEQUENCE_NUMBER = 2_147_483_647;

export function contextResource(sessions: Sessions): ResourceDefinition {
  const schema = z.object({
    sessionKey,
    after: wholeNumber(0, MAX_SEQUENCE_NUMBER),
    limit: wholeNumber(1, MAX_LIMIT),
    type: z.enum(contextTypes).optional().describe(`one of ${contextTypes.join(', ')}`),
  });
  return {
    name: 'context',
    title: 'Context of a session',
    description: `A session with its history in order and a summary. Up to ${MAX_LIMIT} entries; nextAfter, when present, is the \`after\` of the next page.`,
    uri: {
      template: 'handoff://context/{sessionKey}{?after,limit,type}',
      prefix: 'handoff://context/',
      parameter: 'sessionKey',
      suffix: '',
      query: ['after', 'limit', 'type'],
    },
    read: async (uri, variables) => {
      const key = decoded(variables['sessionKey']);
      const { after, limit, type } = parseParameters(schema, { ...variables, sessionKey: key });
      const context = await sessions.context({
        sessionKey: key,
        afterSequenceNumber: after ?? 0,
        limit: limit ?? MAX_LIMIT,
        ...(type === undefined ? {} : { contextType: type }),
      });
      if (context === undefined) throw unknownSession(uri, key);
      const { nextAfterSequenceNumber, ...body } = context;
      return { body: nextAfterSequenceNumber === undefined ? body : { ...body, nextAfter: nextAfterSequenceNumber } };
    },
  };
}
