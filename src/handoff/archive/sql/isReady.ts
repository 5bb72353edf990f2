/**
 * SQL for whether an ended session whose time has passed may go into the archive. One that has expired may at once: its life is over,
 * also where an operator or the sweep of abandoned sessions ended it early. A completed one may when it was idle for its time to live,
 * which its target may need. `row` names a row of `sessions`.
 */
export const isReady = (row: string): string =>
  `(${row}.status = 'expired' OR ${row}.ttl_hours IS NULL OR ${row}.last_activity_at + ${row}.ttl_hours * interval '1 hour' <= now())`;
