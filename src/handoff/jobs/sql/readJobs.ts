import type { Statement } from '../../storage/database.js';

/**
 * The overridden settings and the statistics of jobs, one row for each name, also for those that have neither yet.
 *
 * $1 names.
 */
export const readJobs: Statement = {
  name: 'handoff_read_jobs',
  text: `
SELECT asked.name,
  settings.interval_ms::float8 AS interval_ms, settings.enabled, settings.max_retries, settings.retry_delay_ms::float8 AS retry_delay_ms,
  coalesce(stats.total_runs, 0)::float8 AS total_runs, coalesce(stats.successful_runs, 0)::float8 AS successful_runs,
  coalesce(stats.failed_runs, 0)::float8 AS failed_runs, coalesce(stats.total_duration_ms, 0) AS total_duration_ms,
  stats.last_run_at, stats.last_success_at, stats.last_failure_at,
  (extract(epoch FROM now() - stats.last_run_at) * 1000)::float8 AS since_last_run_ms
FROM unnest($1::varchar[]) AS asked (name)
LEFT JOIN job_settings AS settings ON settings.name = asked.name
LEFT JOIN job_statistics AS stats ON stats.name = asked.name`,
};

export interface ReadJobsRow {
  readonly name: string;
  readonly interval_ms: number | null;
  readonly enabled: boolean | null;
  readonly max_retries: number | null;
  readonly retry_delay_ms: number | null;
  readonly total_runs: number;
  readonly successful_runs: number;
  readonly failed_runs: number;
  readonly total_duration_ms: number;
  readonly last_run_at: Date | null;
  readonly last_success_at: Date | null;
  readonly last_failure_at: Date | null;
  /** NULL before the first run. By the database's clock. */
  readonly since_last_run_ms: number | null;
}
