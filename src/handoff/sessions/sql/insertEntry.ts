import type { Statement } from '../../storage/database.js';
import { traced } from '../../storage/tracedEvent.js';
import { PROCESSING_MS } from './processingMs.js';

/**
 * Adds an entry to an active session and counts it as activity, in one statement.
 *
 * The session row is locked first, so that concurrent callers queue and take consecutive numbers. GREATEST covers rows
 * that an earlier server numbered without the counter; remove it when no such server writes to the database any more.
 * An unknown session gives no row; one that is not active gives a row whose `entry_id` is NULL.
 *
 * $1 session key, $2 context type, $3 content, $4 metadata, $5 writing agent or NULL, $6 traceparent of the call or
 * NULL.
 */
export const insertEntry: Statement = {
  name: 'handoff_insert_entry',
  text: `
WITH before AS (
  SELECT id, session_key, status, is_dormant, archived_at FROM sessions WHERE session_key = $1 FOR UPDATE
), touched AS (
  UPDATE sessions SET
    last_activity_at = now(),
    is_dormant = false,
    last_sequence_number = 1 + GREATEST(sessions.last_sequence_number, COALESCE(
      (SELECT max(h.sequence_number) FROM context_history h WHERE h.session_id = sessions.id), 0))
  FROM before
  WHERE sessions.id = before.id AND before.status = 'active' AND before.archived_at IS NULL
  RETURNING sessions.id, sessions.last_sequence_number
), entry AS (
  INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes, processing_time_ms, agent)
  SELECT id, last_sequence_number, $2, $3, $4::jsonb, octet_length($3), ${PROCESSING_MS}, $5 FROM touched
  RETURNING id, sequence_number, created_at, content_size_bytes
), woken AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT before.id, 'reactivated', ${traced(`'{"cause": "context_added"}'::jsonb`, '$6')} FROM before, touched WHERE before.is_dormant
)
SELECT before.id AS session_id, before.session_key,
  CASE WHEN before.archived_at IS NULL THEN before.status ELSE 'archived' END AS status,
  before.is_dormant AS was_dormant, entry.id AS entry_id, entry.sequence_number, entry.created_at, entry.content_size_bytes
FROM before LEFT JOIN entry ON true`,
};

export interface InsertEntryRow {
  readonly session_id: string;
  readonly session_key: string;
  readonly status: string;
  readonly was_dormant: boolean | null;
  readonly entry_id: string | null;
  readonly sequence_number: number | null;
  readonly created_at: Date | null;
  readonly content_size_bytes: number | null;
}
