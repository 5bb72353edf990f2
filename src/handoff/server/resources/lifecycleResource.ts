import { z } from 'zod';
import type { Sessions } from '../../sessions/sessions.js';
import { DEFAULT_EVENTS_LIMIT, MAX_EVENTS_LIMIT, fittingLifecycle } from '../answers/lifecycleAnswer.js';
import { readIcon } from '../icons.js';
import { sessionKey } from '../tools/arguments.js';
import { unknownSession } from './notFound.js';
import { decoded, parseParameters, wholeNumber } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';

export function lifecycleResource(sessions: Sessions): ResourceDefinition {
  const schema = z.object({
    sessionKey,
    limit: wholeNumber(1, MAX_EVENTS_LIMIT),
    cursor: z.string().min(1).max(512).optional().describe('the nextCursor of the previous page'),
  });
  return {
    name: 'lifecycle',
    title: 'Lifecycle of a session',
    description: `The state of a session (active, dormant, completed, expired, archived), its times, retention policy, legal hold and handoffs, and its events in order, up to ${DEFAULT_EVENTS_LIMIT} per page; continue with cursor.`,
    icons: readIcon,
    uri: {
      template: 'handoff://lifecycle/{sessionKey}{?limit,cursor}',
      prefix: 'handoff://lifecycle/',
      parameter: 'sessionKey',
      suffix: '',
      query: ['limit', 'cursor'],
    },
    read: async (uri, variables, room) => {
      const key = decoded(variables['sessionKey']);
      const { limit = DEFAULT_EVENTS_LIMIT, cursor } = parseParameters(schema, { ...variables, sessionKey: key });
      const page = await sessions.lifecycle({ sessionKey: key, limit, ...(cursor === undefined ? {} : { cursor }) });
      if (page === undefined) throw unknownSession(uri, key);
      return { body: fittingLifecycle(page, room) };
    },
  };
}
