import type { Statement } from '../../storage/database.js';

/** Counts an attempt that ended. $1 name of the job, $2 whether it succeeded, $3 duration in ms. */
export const recordRunEnd: Statement = {
  name: 'handoff_record_run_end',
  text: `
UPDATE job_statistics SET
  successful_runs = successful_runs + ($2::boolean)::int,
  failed_runs = failed_runs + (NOT $2::boolean)::int,
  total_duration_ms = total_duration_ms + $3::float8,
  last_success_at = CASE WHEN $2::boolean THEN now() ELSE last_success_at END,
  last_failure_at = CASE WHEN $2::boolean THEN last_failure_at ELSE now() END
WHERE name = $1`,
};
