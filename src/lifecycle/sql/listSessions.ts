import type { Statement } from '../../storage/database.js';
import { SESSION_COLUMNS } from './sessionRow.js';
import type { SessionRow } from './sessionRow.js';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/**
 * Sessions, newest first, by keyset: a page is as cheap at the end of a million sessions as at the start. The first page
 * starts from a place behind all sessions, because "or no place given" would keep a prepared plan from seeking in the index.
 *
 * $1 status or NULL, $2 dormant or NULL, $3 and $4 created_at in microseconds and id of the last row seen or NULL,
 * $5 at most so many.
 */
export const listSessions: Statement = {
  name: 'handoff_list_sessions',
  text: page('true'),
};

/**
 * The same for the sessions an agent began ($6) or received. Two index scans that each stop at a page: one condition
 * with OR would read the whole table for an agent with few sessions.
 */
export const listAgentSessions: Statement = {
  name: 'handoff_list_agent_sessions',
  text: `
SELECT * FROM (
  (${page('agent_from = $6')})
  UNION ALL
  (${page('agent_to = $6 AND agent_from <> $6')})
) either
ORDER BY created_at DESC, id DESC
LIMIT $5::int`,
};

function page(condition: string): string {
  return `
SELECT ${SESSION_COLUMNS}, (extract(epoch FROM created_at) * 1000000)::bigint::text AS created_at_us
FROM sessions
WHERE ${condition}
  AND ($1::text IS NULL OR status = $1)
  AND ($2::boolean IS NULL OR COALESCE(is_dormant, false) = $2)
  AND (created_at, id) < (COALESCE('epoch'::timestamptz + $3::bigint * interval '1 microsecond', 'infinity'), COALESCE($4::uuid, '${LAST_ID}'))
ORDER BY created_at DESC, id DESC
LIMIT $5::int`;
}

export interface ListedSessionRow extends SessionRow {
  readonly created_at_us: string;
}
