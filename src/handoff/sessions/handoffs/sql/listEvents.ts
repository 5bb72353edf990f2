import type { Statement } from '../../../storage/database.js';

/**
 * Selects the lifecycle events of a session, oldest first. Events of one statement have one time, and among them the order is that
 * of their ids: the same at each reading.
 *
 * $1 session id, $2 and $3 created_at in microseconds and id of the last event seen or NULL, $4 maximum number of events.
 */
export const listEvents: Statement = {
  name: 'handoff_list_events',
  text: `
SELECT id, event_type, event_data, created_at, (extract(epoch FROM created_at) * 1000000)::bigint::text AS created_at_us
FROM session_lifecycle
WHERE session_id = $1::uuid
  AND (created_at, id) > (COALESCE('epoch'::timestamptz + $2::bigint * interval '1 microsecond', '-infinity'), COALESCE($3::uuid, '00000000-0000-0000-0000-000000000000'))
ORDER BY created_at, id
LIMIT $4::int`,
};

export interface EventRow {
  readonly id: string;
  readonly event_type: string;
  readonly event_data: Readonly<Record<string, unknown>> | null;
  readonly created_at: Date;
  readonly created_at_us: string;
}
