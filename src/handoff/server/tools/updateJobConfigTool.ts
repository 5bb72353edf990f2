import { z } from 'zod';
import { JobConfigError } from '../../../errors/jobErrors.js';
import { jobConfigRanges } from '../../jobs/jobConfig.js';
import type { JobConfigChange } from '../../jobs/jobConfig.js';
import type { Jobs } from '../../jobs/jobs.js';
import { writeIcon } from '../icons.js';
import { jobName } from './jobArguments.js';
import { jobConfigOutput } from './jobOutputs.js';
import { failure } from './reply.js';
import type { ToolReply } from './reply.js';
import type { ToolDefinition } from './toolDefinition.js';

export function updateJobConfigTool(jobs: Jobs) {
  const number = (key: keyof typeof jobConfigRanges) => z.number().optional().describe(jobConfigRanges[key]);
  const shape = {
    jobName: jobName(jobs),
    config: z
      .strictObject({
        intervalMs: number('intervalMs'),
        enabled: z.boolean().optional().describe(jobConfigRanges.enabled),
        maxRetries: number('maxRetries'),
        retryDelayMs: number('retryDelayMs'),
      })
      .refine((config) => Object.keys(config).length > 0, 'changes nothing')
      .describe(`What to change, one or more of: ${Object.keys(jobConfigRanges).join(', ')}`),
  };
  return {
    name: 'update_job_config',
    title: 'Configure a job',
    description:
      'Changes how often a scheduled job runs, whether it is enabled, and how failed runs are retried. The change is permanent and applies to all replicas.',
    icons: writeIcon,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    output: jobConfigOutput,
    internalError: 'Failed to update job configuration',
    run: async (args) => configure(jobs, args.jobName, args.config as JobConfigChange),
  } satisfies ToolDefinition<typeof shape>;
}

async function configure(jobs: Jobs, name: string, change: JobConfigChange): Promise<ToolReply> {
  try {
    const config = await jobs.configure(name, change);
    return { isError: false, body: { jobName: name, config }, text: `Job configuration updated for ${name}` };
  } catch (thrown) {
    if (!(thrown instanceof JobConfigError)) throw thrown;
    return failure('Invalid input', { problems: thrown.data.problems.map((problem) => ({ ...problem, path: `config.${problem.path}` })) });
  }
}
