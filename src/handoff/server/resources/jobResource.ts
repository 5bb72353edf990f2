import { ResourceNotFoundError } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Jobs } from '../../jobs/jobs.js';
import { readIcon } from '../icons.js';
import { decoded, parseParameters } from './parameters.js';
import type { ResourceDefinition } from './resourceDefinition.js';

export function jobResource(jobs: Jobs): ResourceDefinition {
  const schema = z.object({ jobName: z.string() });
  return {
    name: 'job',
    title: 'A scheduled job',
    description: 'Whether one scheduled job is running, how it is configured and how its runs ended, for all replicas together.',
    icons: readIcon,
    uri: { template: 'handoff://jobs/{jobName}', prefix: 'handoff://jobs/', parameter: 'jobName', suffix: '', query: [] },
    read: async (uri, variables) => {
      const { jobName } = parseParameters(schema, { ...variables, jobName: decoded(variables['jobName']) });
      const statuses = await jobs.status(jobName);
      const status = Object.hasOwn(statuses, jobName) ? statuses[jobName] : undefined;
      if (status === undefined) {
        throw new ResourceNotFoundError(uri.href, `Job not found: ${jobName}. The jobs are: ${jobs.names.join(', ')}.`);
      }
      return { body: status };
    },
  };
}
