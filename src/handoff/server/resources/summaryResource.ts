import { z } from 'zod';
import type { Sessions } from '../../sessions/sessions.js';
import { readIcon } from '../icons.js';
import { sessionKey } from '../tools/arguments.js';
import { decoded, parseParameters } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';
import { unknownSession } from './notFound.js';

export function summaryResource(sessions: Sessions): ResourceDefinition {
  const schema = z.object({ sessionKey });
  return {
    name: 'summary',
    title: 'Summary of a session',
    icons: readIcon,
    description: 'A summary of a session: what happened, its key points and who took part, without its content.',
    uri: { template: 'handoff://summary/{sessionKey}', prefix: 'handoff://summary/', parameter: 'sessionKey', suffix: '', query: [] },
    read: async (uri, variables) => {
      const key = decoded(variables['sessionKey']);
      parseParameters(schema, { ...variables, sessionKey: key });
      const summary = await sessions.summary(key);
      if (summary === undefined) throw unknownSession(uri, key);
      return { body: summary };
    },
  };
}
