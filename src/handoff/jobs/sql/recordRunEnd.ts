import type { Statement } from '../../storage/database.js';

/**
 * Counts an attempt that ended. Which was the last to succeed or to fail is not known any more where its time is yet to come, because the
 * clock was put back: it would seem to be later than this one.
 *
 * $1 name of the job, $2 whether it succeeded, $3 duration in ms.
 */
export const recordRunEnd: Statement = {
  name: 'handoff_record_run_end',
  text: `
UPDATE job_statistics SET
  successful_runs = successful_runs + ($2::boolean)::int,
  failed_runs = failed_runs + (NOT $2::boolean)::int,
  total_duration_ms = total_duration_ms + $3::float8,
  last_success_at = CASE WHEN $2::boolean THEN now() WHEN last_success_at <= now() THEN last_success_at END,
  last_failure_at = CASE WHEN NOT $2::boolean THEN now() WHEN last_failure_at <= now() THEN last_failure_at END
WHERE name = $1`,
};
