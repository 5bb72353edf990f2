import { effectiveConfig } from './jobConfig.js';
import type { JobDependencies } from './dependencies.js';
import type { JobDefinition } from './jobDefinition.js';
import type { JobConfig, JobStats } from './jobStatus.js';
import { readJobs } from './sql/readJobs.js';
import type { ReadJobsRow } from './sql/readJobs.js';

/** What the database knows of a job. */
export interface JobState {
  readonly definition: JobDefinition;
  readonly config: JobConfig;
  readonly stats: JobStats;
  /** By the database's clock; undefined before the first run, and if that clock was ahead when it began and is put back. */
  readonly sinceLastRunMs: number | undefined;
}

/** A run that begins while the statement reads is a little later than its time; one that is much later was told by another clock. */
const CLOCK_STEP_MS = 60_000;

/** Reads configuration and statistics, in the order of `definitions`. Nothing is cached: a change acts on all replicas. */
export async function readJobStates(
  { database }: Pick<JobDependencies, 'database'>,
  definitions: readonly JobDefinition[],
): Promise<JobState[]> {
  const rows = await database.query<ReadJobsRow>(readJobs, [definitions.map(({ name }) => name)]);
  const byName = new Map(rows.map((row) => [row.name, row]));
  return definitions.flatMap((definition) => {
    const row = byName.get(definition.name);
    return row === undefined ? [] : [toState(definition, row)];
  });
}

function toState(definition: JobDefinition, row: ReadJobsRow): JobState {
  const settings = { intervalMs: row.interval_ms, enabled: row.enabled, maxRetries: row.max_retries, retryDelayMs: row.retry_delay_ms };
  return {
    definition,
    config: effectiveConfig(definition, settings),
    stats: toStats(row),
    sinceLastRunMs: sinceLastRun(row.since_last_run_ms),
  };
}

function sinceLastRun(ms: number | null): number | undefined {
  return ms === null || ms < -CLOCK_STEP_MS ? undefined : Math.max(0, ms);
}

function toStats(row: ReadJobsRow): JobStats {
  const ended = row.successful_runs + row.failed_runs;
  return {
    totalRuns: row.total_runs,
    successfulRuns: row.successful_runs,
    failedRuns: row.failed_runs,
    averageDuration: ended === 0 ? 0 : row.total_duration_ms / ended,
    ...(row.last_run_at === null ? {} : { lastRun: row.last_run_at.toISOString() }),
    ...(row.last_success_at === null ? {} : { lastSuccess: row.last_success_at.toISOString() }),
    ...(row.last_failure_at === null ? {} : { lastFailure: row.last_failure_at.toISOString() }),
  };
}
