import { z } from 'zod';
import type { Sessions } from '../../sessions/sessions.js';
import { sessionsAnswer } from '../answers/sessionsAnswer.js';
import { listIcon } from '../icons.js';
import { agent } from '../tools/arguments.js';
import { decoded, parseParameters } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';
import { listingParameters, toQuestion } from './sessionsResource.js';

export function agentSessionsResource(sessions: Sessions): ResourceDefinition {
  const schema = z.object({ ...listingParameters, agentId: agent('Agent') });
  return {
    name: 'agent-sessions',
    title: 'Sessions of an agent',
    description:
      'Sessions that an agent registered or received, including those it handed on, newest first. The cursor for the next page is in _meta.nextCursor.',
    icons: listIcon,
    uri: {
      template: 'handoff://agents/{agentId}/sessions{?status,dormant,limit,cursor}',
      prefix: 'handoff://agents/',
      parameter: 'agentId',
      suffix: '/sessions',
      query: Object.keys(listingParameters),
    },
    read: async (_uri, variables, room) => {
      const { agentId, ...listing } = parseParameters(schema, { ...variables, agentId: decoded(variables['agentId']) });
      const { items, nextCursor } = await sessionsAnswer(sessions, { ...toQuestion(listing), agent: agentId }, room);
      // The contract defines this as a bare array, so the cursor has to be returned outside it.
      return { body: items, ...(nextCursor === undefined ? {} : { meta: { nextCursor } }) };
    },
  };
}
