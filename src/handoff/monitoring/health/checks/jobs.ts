import type { Clock } from '../../../../time/clock.js';
import type { JobsHealth } from '../../../jobs/jobsHealth.js';
import { degraded, healthy } from '../finding.js';
import type { HealthCheck } from '../finding.js';

/** How long joining may take: pg-boss is loaded, its tables are made, and both are tried again. */
const JOIN_MS = 60_000;
/** A job that was not tried for so many of its intervals is not run by anybody. */
const MISSED_INTERVALS = 4;
/** What the shortest interval is allowed besides. */
const MARGIN_MS = 5 * 60_000;

const NOT_RUNNING =
  'This process was to run jobs and cannot: read the log for handoff.job.engine_failed, and check the rights on the schema HANDOFF_JOBS_SCHEMA.';
const OVERDUE =
  'A job that is enabled was not run for several of its intervals: check that a process with HANDOFF_JOBS_ENABLED runs, and run the job with run_job_now.';
const FAILING =
  'The last run of a job failed: read the result with get_job_status and the log for handoff.job.run, mend the cause, and run the job with run_job_now.';
const SLOW = 'The state of the jobs could not be read in time: look at the database first.';

/**
 * Looks whether the scheduled jobs run, here or in any other process of the database. A job that was never run counts from when this check
 * first saw it enabled.
 */
export function jobsCheck(read: () => Promise<JobsHealth>, clock: Pick<Clock, 'monotonicMs'>): HealthCheck {
  let seenMs: ReadonlyMap<string, number> = new Map();
  return {
    name: 'jobs',
    isCritical: false,
    adviceWhenSlow: SLOW,
    run: async () => {
      const { joining, jobs } = await read();
      const enabled = jobs.filter(({ config }) => config.enabled);
      const nowMs = clock.monotonicMs();
      seenMs = new Map(enabled.map(({ config: { name } }) => [name, seenMs.get(name) ?? nowMs]));
      const overdue = enabled.filter(
        ({ config: { name, intervalMs }, sinceLastRunMs }) =>
          (sinceLastRunMs ?? nowMs - (seenMs.get(name) ?? nowMs)) > MISSED_INTERVALS * intervalMs + MARGIN_MS,
      );
      const failing = enabled.filter(({ stats }) => stats.lastFailure !== undefined && stats.lastFailure > (stats.lastSuccess ?? ''));
      const measured = { enabledJobs: enabled.length, overdueJobs: overdue.length, failingJobs: failing.length };
      if (joining !== undefined && joining.sinceMs > JOIN_MS) return degraded('not_running', NOT_RUNNING, measured);
      if (overdue.length > 0) return degraded('overdue', OVERDUE, measured);
      if (failing.length > 0) return degraded('failing', FAILING, measured);
      return healthy(measured, enabled.length === 0 ? 'switched_off' : undefined);
    },
  };
}
