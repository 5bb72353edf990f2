import { z } from 'zod';
import type { Sessions } from '../../sessions/sessions.js';
import { sessionStatuses } from '../../sessions/types.js';
import { DEFAULT_SESSIONS_LIMIT, MAX_SESSIONS_LIMIT, sessionsAnswer } from '../answers/sessionsAnswer.js';
import type { SessionsQuestion } from '../answers/sessionsAnswer.js';
import { listIcon } from '../icons.js';
import { agent } from '../tools/arguments.js';
import { parseParameters, wholeNumber } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';

/** Query parameters that every listing of sessions accepts. */
export const listingParameters = {
  status: z
    .enum(sessionStatuses)
    .optional()
    .describe(`one of ${sessionStatuses.join(', ')}`),
  dormant: z.enum(['true', 'false']).optional().describe('true or false'),
  limit: wholeNumber(1, MAX_SESSIONS_LIMIT),
  cursor: z.string().min(1).max(512).optional().describe('the nextCursor of the previous page'),
};

interface ListingParameters extends Omit<SessionsQuestion, 'dormant'> {
  readonly dormant?: 'true' | 'false' | undefined;
}

export function toQuestion({ dormant, ...others }: ListingParameters): SessionsQuestion {
  return { ...others, ...(dormant === undefined ? {} : { dormant: dormant === 'true' }) };
}

export function sessionsResource(sessions: Sessions): ResourceDefinition {
  const agentName = agent('Agent');
  // optional() drops the description, which error messages show.
  const schema = z.object({ ...listingParameters, agent: agentName.optional().describe(agentName.description ?? '') });
  return {
    name: 'sessions',
    title: 'Sessions',
    description: `All sessions, newest first, up to ${DEFAULT_SESSIONS_LIMIT} per page; filter by status, agent (from or to, including earlier ones) and dormant; continue with cursor.`,
    icons: listIcon,
    uri: {
      template: 'handoff://sessions{?status,agent,dormant,limit,cursor}',
      prefix: 'handoff://sessions',
      suffix: '',
      query: Object.keys(schema.shape),
    },
    read: async (_uri, variables, room) => {
      const { items, nextCursor } = await sessionsAnswer(sessions, toQuestion(parseParameters(schema, variables)), room);
      return { body: { sessions: items, ...(nextCursor === undefined ? {} : { nextCursor }) } };
    },
  };
}
