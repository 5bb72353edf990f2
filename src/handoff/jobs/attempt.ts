import { JobFailedError } from '../../errors/jobErrors.js';
import { jobOperations } from '../../telemetry/catalogue/jobs.js';
import { errorType } from '../../telemetry/errorType.js';
import { ATTR_HANDOFF_JOB_NAME } from '../../telemetry/semconv.js';
import type { JobDependencies } from './dependencies.js';
import type { JobDefinition } from './jobDefinition.js';
import type { Attempt } from './jobEngine.js';
import type { JobResult } from './jobStatus.js';
import { recordRunEnd } from './sql/recordRunEnd.js';
import { recordRunStart } from './sql/recordRunStart.js';

/**
 * Runs one attempt of a job, with its statistics. Resolves with the result; rejects with `JobFailedError`, whose `result` the
 * engine keeps with the error.
 *
 * @param stopping aborted when this process is about to end
 */
export async function runAttempt(
  deps: JobDependencies,
  job: JobDefinition,
  { retryCount, signal }: Attempt,
  stopping: AbortSignal,
): Promise<JobResult> {
  const { clock, database, observe } = deps;
  await database.query(recordRunStart, [job.name]);
  const startMs = clock.monotonicMs();
  const startTime = new Date(clock.nowMs()).toISOString();
  const ended = async (success: boolean, outcome: Pick<JobResult, 'result' | 'error'>): Promise<JobResult> => {
    const duration = clock.monotonicMs() - startMs;
    await database.query(recordRunEnd, [job.name, success, duration]);
    return { jobName: job.name, success, startTime, endTime: new Date(clock.nowMs()).toISOString(), duration, ...outcome, retryCount };
  };
  let result: Readonly<Record<string, unknown>>;
  try {
    result = await observe(jobOperations.run.name, { [ATTR_HANDOFF_JOB_NAME]: job.name }, () =>
      job.run({ signal: AbortSignal.any([signal, stopping]) }),
    );
  } catch (thrown) {
    const error = errorType(thrown);
    // Without its cause, which is in the log: the engine stores what it is given, and texts of errors may quote content.
    throw Object.assign(new JobFailedError(job.name, error), { result: await ended(false, { error }) });
  }
  return ended(true, { result });
}
