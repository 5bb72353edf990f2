import type { Statement } from '../../storage/database.js';

/** The state of one session, as a `StateRow` that was not changed. $1 session id. */
export const readState: Statement = {
  name: 'handoff_read_state',
  text: `
SELECT session_key, status, COALESCE(is_dormant, false) AS is_dormant, archived_at IS NOT NULL AS is_archived, false AS changed, ARRAY[]::text[] AS agents
FROM sessions WHERE id = $1::uuid`,
};
