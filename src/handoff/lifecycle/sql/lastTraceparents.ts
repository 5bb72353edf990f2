import type { Statement } from '../../storage/database.js';

/**
 * The trace of the latest lifecycle event that has one, for each of some sessions. Events that this transition itself wrote name no
 * other trace than the sweep's own and are left out, as are those of earlier sweeps. $1 session ids.
 */
export const lastTraceparents: Statement = {
  name: 'handoff_last_traceparents',
  text: `
SELECT DISTINCT ON (session_id) event_data ->> 'traceparent' AS traceparent
FROM session_lifecycle
WHERE session_id = ANY($1::uuid[]) AND event_data ? 'traceparent'
  AND event_type IN ('created', 'reactivated', 'status_changed', 'handoff_requested', 'handoff_accepted')
ORDER BY session_id, created_at DESC`,
};

export interface TraceparentRow {
  readonly traceparent: string;
}
