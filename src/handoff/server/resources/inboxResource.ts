import { z } from 'zod';
import { handoffStatuses } from '../../sessions/handoffs/handoff.js';
import type { Sessions } from '../../sessions/sessions.js';
import { requestTypes } from '../../sessions/types.js';
import { MAX_HANDOFFS_LIMIT, handoffsAnswer } from '../answers/handoffsAnswer.js';
import { listIcon } from '../icons.js';
import { INBOX_PREFIX } from './inboxAddress.js';
import { agent } from '../tools/arguments.js';
import { decoded, parseParameters, wholeNumber } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';

export function inboxResource(sessions: Sessions): ResourceDefinition {
  const filters = {
    status: z
      .enum(handoffStatuses)
      .optional()
      .describe(`one of ${handoffStatuses.join(', ')}`),
    requestType: z
      .enum(requestTypes)
      .optional()
      .describe(`one of ${requestTypes.join(', ')}`),
    limit: wholeNumber(1, MAX_HANDOFFS_LIMIT),
    cursor: z.string().min(1).max(512).optional().describe('the nextCursor of the previous page'),
  };
  const schema = z.object({ ...filters, agentId: agent('Agent') });
  return {
    name: 'inbox',
    title: 'Handoffs to an agent',
    description:
      'The inbox of an agent: handoffs to it, newest first. Clients that subscribe to it, without a query, are notified of new ones. Reading it changes nothing.',
    icons: listIcon,
    uri: {
      template: `${INBOX_PREFIX}{agentId}{?status,requestType,limit,cursor}`,
      prefix: INBOX_PREFIX,
      parameter: 'agentId',
      suffix: '',
      query: Object.keys(filters),
    },
    read: async (_uri, variables, room) => {
      const { agentId, ...listing } = parseParameters(schema, { ...variables, agentId: decoded(variables['agentId']) });
      const { items, nextCursor } = await handoffsAnswer(sessions, { ...listing, agent: agentId, isOnlyALook: true }, room);
      return { body: { handoffs: items, ...(nextCursor === undefined ? {} : { nextCursor }) } };
    },
  };
}
