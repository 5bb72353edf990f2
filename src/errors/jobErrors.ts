import { HandoffError } from './handoffError.js';

/** There is no job of that name. */
export class UnknownJobError extends HandoffError<{ readonly jobName: string; readonly known: readonly string[] }> {
  override readonly code = 'HANDOFF_JOB_UNKNOWN';

  constructor(jobName: string, known: readonly string[]) {
    super(`Job not found: ${jobName}. The jobs are: ${known.join(', ')}.`, { jobName, known });
  }
}

/** The job runs already, in this process or another; nothing was started. */
export class JobRunningError extends HandoffError<{ readonly jobName: string }> {
  override readonly code = 'HANDOFF_JOB_RUNNING';

  constructor(jobName: string) {
    super(`Job ${jobName} is already running. Wait until it has ended: see get_job_status.`, { jobName });
  }
}

/** Why a value of a job's configuration cannot be kept. */
export interface JobConfigProblem {
  readonly path: string;
  readonly problem: string;
  readonly allowed: string;
}

/** A job cannot be configured as asked; nothing was changed. Values are refused and never rounded. */
export class JobConfigError extends HandoffError<{ readonly jobName: string; readonly problems: readonly JobConfigProblem[] }> {
  override readonly code = 'HANDOFF_JOB_CONFIG';

  constructor(jobName: string, problems: readonly JobConfigProblem[]) {
    const listed = problems.map(({ path, problem, allowed }) => `${path} ${problem} (allowed: ${allowed})`).join('; ');
    super(`The configuration of job ${jobName} was not changed: ${listed}.`, { jobName, problems });
  }
}

/** One attempt of a job failed. `data.reason` is the code or class of what it threw. */
export class JobFailedError extends HandoffError<{ readonly jobName: string; readonly reason: string }> {
  override readonly code = 'HANDOFF_JOB_FAILED';

  constructor(jobName: string, reason: string) {
    super(`Job ${jobName} failed (${reason}). It is repeated as its configuration says; the cause is in the log.`, { jobName, reason });
  }
}

/** A job that was started on request had not ended when the wait for it ended. It goes on. */
export class JobUnfinishedError extends HandoffError<{ readonly jobName: string; readonly waitedMs: number }> {
  override readonly code = 'HANDOFF_JOB_UNFINISHED';

  constructor(jobName: string, waitedMs: number) {
    super(
      `The requested run of job ${jobName} did not end within ${Math.round(waitedMs / 1000)} s. It continues: get_job_status shows its result.`,
      {
        jobName,
        waitedMs,
      },
    );
  }
}

/** Jobs are not run: what they need in the database is missing, is of another version, or may not be made. */
export class JobsUnavailableError extends HandoffError<{
  readonly schema: string;
  readonly reason: 'not_installed' | 'other_version' | 'denied';
}> {
  override readonly code = 'HANDOFF_JOBS_UNAVAILABLE';

  constructor(schema: string, reason: 'not_installed' | 'other_version' | 'denied', cause?: unknown) {
    super(`Jobs cannot run. ${advice[reason](schema)}`, { schema, reason }, { cause });
  }
}

const advice = {
  not_installed: (schema: string) =>
    `The schema ${schema} does not exist in the database yet. Start a server with HANDOFF_JOBS_ENABLED=true, or run handoff-otel migrate.`,
  other_version: (schema: string) =>
    `The schema ${schema} is of another version and HANDOFF_MIGRATE_ON_START is false. Run handoff-otel migrate of the newest release in use.`,
  denied: (schema: string) =>
    `The role of DATABASE_URL may not create or use the schema ${schema}. Run handoff-otel migrate once as a role with CREATE on the database, then GRANT USAGE ON SCHEMA ${schema}, and all rights on the tables, sequences and functions in it, to the role of the server.`,
} as const;
