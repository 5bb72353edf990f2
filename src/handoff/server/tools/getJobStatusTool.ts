import { z } from 'zod';
import type { Jobs } from '../../jobs/jobs.js';
import { listIcon } from '../icons.js';
import { jobName } from './jobArguments.js';
import { jobStatusOutput } from './jobOutputs.js';
import type { ToolDefinition } from './toolDefinition.js';

export function getJobStatusTool(jobs: Jobs) {
  const shape = {
    // Any text: an unknown name has no entry in the answer.
    jobName: z
      .string()
      .optional()
      .describe(`${jobName(jobs).description ?? ''}; default all`),
  };
  return {
    name: 'get_job_status',
    title: 'Show the scheduled jobs',
    description: 'Shows whether scheduled jobs are running, how they are configured and how their runs ended, for all replicas together.',
    icons: listIcon,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    output: jobStatusOutput(jobs.names),
    internalError: 'Failed to read job status',
    run: async (args) => ({ isError: false, body: await jobs.status(args.jobName) }),
  } satisfies ToolDefinition<typeof shape>;
}
