import type { Statement } from '../../storage/database.js';

/**
 * From when on a sweep of lifecycle events has to look: ten minutes before where it stopped, because events become visible when their
 * transaction commits and not in the order of their times; a day back at most. $1 where it stopped, or NULL.
 */
export const sweepHorizon: Statement = {
  name: 'handoff_sweep_horizon',
  text: `SELECT GREATEST($1::timestamptz - interval '10 minutes', now() - interval '1 day')::text AS time`,
};
