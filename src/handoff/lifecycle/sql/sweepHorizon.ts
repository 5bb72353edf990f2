import type { Statement } from '../../storage/database.js';

/**
 * From when on a sweep of lifecycle events has to look: ten minutes before where it stopped, because events become visible when their
 * transaction commits and not in the order of their times; a day back at most. Where that lies in the future, the database's
 * clock was put back, and it looks a day back. $1 where it stopped, or NULL.
 */
export const sweepHorizon: Statement = {
  name: 'handoff_sweep_horizon',
  text: `SELECT GREATEST(CASE WHEN $1::timestamptz <= now() THEN $1::timestamptz - interval '10 minutes' END, now() - interval '1 day')::text AS time`,
};
