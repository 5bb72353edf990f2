import { z } from 'zod';
import type { Sessions } from '../../lifecycle/sessions.js';
import { agent } from '../tools/arguments.js';
import { decoded, parseParameters } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';
import { listingParameters, toQuery } from './sessionsResource.js';

export function agentSessionsResource(sessions: Sessions): ResourceDefinition {
  const schema = z.object({ ...listingParameters, agentId: agent('Agent') });
  return {
    name: 'agent-sessions',
    title: 'Sessions of an agent',
    description: 'Sessions an agent opened or received, newest first. The cursor of the next page is in _meta.nextCursor.',
    uri: {
      template: 'handoff://agents/{agentId}/sessions{?status,dormant,limit,cursor}',
      prefix: 'handoff://agents/',
      parameter: 'agentId',
      suffix: '/sessions',
      query: Object.keys(listingParameters),
    },
    read: async (_uri, variables) => {
      const parameters = parseParameters(schema, { ...variables, agentId: decoded(variables['agentId']) });
      const page = await sessions.list({ ...toQuery(parameters), agent: parameters.agentId });
      // The contract makes this a bare array, so the cursor has to travel beside it.
      return { body: page.items, ...(page.nextCursor === undefined ? {} : { meta: { nextCursor: page.nextCursor } }) };
    },
  };
}
