import type { Statement } from '../../storage/database.js';

/**
 * The trace of the latest lifecycle event that an agent or an operator made, for each of some sessions, where a trace was kept. Events of
 * sweeps are left out: they name the trace of the sweep itself, or of an earlier one. $1 session ids.
 */
export const lastTraceparents: Statement = {
  name: 'handoff_last_traceparents',
  text: `
SELECT DISTINCT ON (session_id) event_data ->> 'traceparent' AS traceparent
FROM session_lifecycle
WHERE session_id = ANY($1::uuid[]) AND event_data ? 'traceparent'
  AND (event_type IN ('created', 'reactivated', 'status_changed', 'handoff_accepted', 'handoff_rejected', 'handoff_completed', 'restored')
    OR event_data ->> 'cause' = 'operator')
ORDER BY session_id, created_at DESC`,
};

export interface TraceparentRow {
  readonly traceparent: string;
}
