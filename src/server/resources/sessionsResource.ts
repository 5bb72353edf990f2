import { z } from 'zod';
import type { Sessions } from '../../lifecycle/sessions.js';
import type { SessionQuery } from '../../lifecycle/listSessions.js';
import { sessionStatuses } from '../../lifecycle/types.js';
import { agent } from '../tools/arguments.js';
import { parseParameters, wholeNumber } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** Query parameters every listing of sessions takes. */
export const listingParameters = {
  status: z.enum(sessionStatuses).optional().describe(`one of ${sessionStatuses.join(', ')}`),
  dormant: z.enum(['true', 'false']).optional().describe('true or false'),
  limit: wholeNumber(1, MAX_LIMIT),
  cursor: z.string().min(1).max(512).optional().describe('the nextCursor of the page before'),
};

interface ListingParameters {
  readonly status?: SessionQuery['status'] | undefined;
  readonly dormant?: 'true' | 'false' | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export function toQuery({ status, dormant, limit, cursor }: ListingParameters): SessionQuery {
  return {
    limit: limit ?? DEFAULT_LIMIT,
    ...(status === undefined ? {} : { status }),
    ...(dormant === undefined ? {} : { dormant: dormant === 'true' }),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

export function sessionsResource(sessions: Sessions): ResourceDefinition {
  const agentName = agent('Agent');
  // optional() drops the description, which error messages show.
  const schema = z.object({ ...listingParameters, agent: agentName.optional().describe(agentName.description ?? '') });
  return {
    name: 'sessions',
    title: 'Sessions',
    description: `All sessions, newest first, ${DEFAULT_LIMIT} a page; filter by status, agent (from or to) and dormant, go on with cursor.`,
    uri: {
      template: 'handoff://sessions{?status,agent,dormant,limit,cursor}',
      prefix: 'handoff://sessions',
      suffix: '',
      query: Object.keys(schema.shape),
    },
    read: async (_uri, variables) => {
      const parameters = parseParameters(schema, variables);
      const page = await sessions.list({ ...toQuery(parameters), ...(parameters.agent === undefined ? {} : { agent: parameters.agent }) });
      return { body: { sessions: page.items, ...(page.nextCursor === undefined ? {} : { nextCursor: page.nextCursor }) } };
    },
  };
}
