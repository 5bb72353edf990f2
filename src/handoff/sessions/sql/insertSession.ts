import type { Statement } from '../../storage/database.js';
import { SESSION_COLUMNS } from './sessionRow.js';
import type { SessionRow } from './sessionRow.js';

/**
 * Registers a session, its two lifecycle events and its first entry in one statement, or returns the session that
 * already has the key. No row at all means that another transaction took the key after this statement's snapshot:
 * run it again to see that row.
 *
 * $1 session key, $2 agent, $3 metadata, $4 time to live in hours, $5 content and $6 metadata of the first entry,
 * $7 traceparent of the call or NULL.
 */
export const insertSession: Statement = {
  name: 'handoff_insert_session',
  text: `
WITH inserted AS (
  INSERT INTO sessions (session_key, agent_from, metadata, expires_at, last_sequence_number)
  VALUES ($1, $2, $3::jsonb, now() + make_interval(hours => $4::int), 1)
  ON CONFLICT (session_key) DO NOTHING
  RETURNING ${SESSION_COLUMNS}
), events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT inserted.id, event.type, event.data
  FROM inserted, LATERAL (VALUES
    ('created', jsonb_build_object('agent_from', inserted.agent_from) || jsonb_strip_nulls(jsonb_build_object('traceparent', $7::text))),
    ('expiration_scheduled', jsonb_build_object('expires_at', inserted.expires_at, 'retention_policy', inserted.retention_policy, 'ttl_hours', $4::int))
  ) AS event (type, data)
), first_entry AS (
  INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes)
  SELECT id, 1, 'system', $5, $6::jsonb, octet_length($5) FROM inserted
)
SELECT ${SESSION_COLUMNS}, true AS created FROM inserted
UNION ALL
SELECT ${SESSION_COLUMNS}, false AS created FROM sessions
WHERE session_key = $1 AND NOT EXISTS (SELECT FROM inserted)`,
};

export interface InsertSessionRow extends SessionRow {
  readonly created: boolean;
}
