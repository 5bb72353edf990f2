import type { Statement } from '../../storage/database.js';

/** Counts an attempt that begins. $1 name of the job. */
export const recordRunStart: Statement = {
  name: 'handoff_record_run_start',
  text: `
INSERT INTO job_statistics AS stats (name, total_runs, last_run_at) VALUES ($1, 1, now())
ON CONFLICT (name) DO UPDATE SET total_runs = stats.total_runs + 1, last_run_at = now()`,
};
