import { JobRunningError, JobUnfinishedError } from '../../../errors/jobErrors.js';
import type { Jobs } from '../../jobs/jobs.js';
import { jsonText } from '../answers/jsonSize.js';
import { registerIcon } from '../icons.js';
import { jobName } from './jobArguments.js';
import { jobResultOutput } from './jobOutputs.js';
import { failure } from './reply.js';
import type { ToolReply } from './reply.js';
import type { ToolDefinition } from './toolDefinition.js';

export function runJobNowTool(jobs: Jobs) {
  const shape = { jobName: jobName(jobs) };
  return {
    name: 'run_job_now',
    title: 'Run a job now',
    description: 'Runs a scheduled job once, even if it is disabled, and returns its result. Refused while any replica is running it.',
    icons: registerIcon,
    // A job that expires or purges sessions takes something away, sooner than it would by itself.
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    shape,
    output: jobResultOutput,
    internalError: 'Failed to run job',
    run: async (args) => runNow(jobs, args.jobName),
  } satisfies ToolDefinition<typeof shape>;
}

async function runNow(jobs: Jobs, name: string): Promise<ToolReply> {
  try {
    const result = await jobs.runNow(name);
    if (!result.success) return failure(`Job ${name} failed`, { result, hint: 'It is repeated in the background, as configured.' });
    return { isError: false, body: result, text: `Job executed successfully: ${jsonText(result)}` };
  } catch (thrown) {
    if (thrown instanceof JobRunningError) return failure(`Job ${name} is already running`, { jobName: name });
    if (thrown instanceof JobUnfinishedError) {
      return failure(`Job ${name} has not ended yet`, { jobName: name, hint: 'It goes on: see get_job_status.' });
    }
    throw thrown;
  }
}
