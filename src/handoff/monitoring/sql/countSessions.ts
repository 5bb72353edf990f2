import type { Statement } from '../../storage/database.js';

/** Counting stops here: a database with more sessions must not be kept busy by counting them. */
export const MAX_COUNTED = 1_000_000;

export interface SessionCountsRow {
  readonly live: number;
  readonly dormant: number;
  readonly archived: number;
}

/** Sessions by state, each up to one more than $1. */
export const countSessions: Statement = {
  name: 'handoff_count_sessions',
  text: `
SELECT live.sessions AS live, live.dormant, archived.sessions AS archived
FROM (
  SELECT count(*)::int AS sessions, count(*) FILTER (WHERE is_dormant)::int AS dormant
  FROM (SELECT is_dormant FROM sessions WHERE status = 'active' AND archived_at IS NULL LIMIT $1::int + 1) AS counted
) AS live,
(
  SELECT count(*)::int AS sessions FROM (SELECT FROM sessions WHERE archived_at IS NOT NULL LIMIT $1::int + 1) AS counted
) AS archived`,
};
