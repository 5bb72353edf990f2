import { z } from 'zod';
import type { Monitoring } from '../../monitoring/monitoring.js';
import { currentHealthDocument } from '../admin/healthDocument.js';
import { listIcon } from '../icons.js';
import { parseParameters } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';

export function healthResource(monitoring: Pick<Monitoring, 'healthReport'>): ResourceDefinition {
  const schema = z.object({});
  return {
    name: 'health',
    title: 'Health of the server',
    description: 'Health of each part of the server, with the reason and what to do about it: the same as /health of the admin port.',
    icons: listIcon,
    uri: { template: 'handoff://health', prefix: 'handoff://health', suffix: '', query: [] },
    read: async (_uri, variables) => {
      parseParameters(schema, variables);
      return { body: currentHealthDocument(await monitoring.healthReport()) };
    },
  };
}
