import { z } from 'zod';
import type { Jobs } from '../../jobs/jobs.js';
import { listIcon } from '../icons.js';
import { parseParameters } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';

export function jobsResource(jobs: Jobs): ResourceDefinition {
  const schema = z.object({});
  return {
    name: 'jobs',
    title: 'Scheduled jobs',
    description: 'Whether scheduled jobs are running, how they are configured and how their runs ended, for all replicas together.',
    icons: listIcon,
    uri: { template: 'handoff://jobs', prefix: 'handoff://jobs', suffix: '', query: [] },
    read: async (_uri, variables) => {
      parseParameters(schema, variables);
      return { body: await jobs.status() };
    },
  };
}
