import type { Statement } from '../../storage/database.js';
import { traced } from '../../storage/tracedEvent.js';
import type { PlacedRow } from '../sharing/sharedCall.js';
import type { InsertEntryRow } from './insertEntry.js';
import { PROCESSING_MS } from './processingMs.js';

/**
 * What `insertEntry` does, for several calls at once: each gets the row that it would have got by itself, and entries of one session
 * consecutive numbers in the order of the calls.
 *
 * It waits for no session that somebody else has locked. Calls on such a session get a row with `is_locked`, without effect, and are sent
 * by themselves: one of them would otherwise hold up all others, and two statements that wait for each other's sessions would make a
 * deadlock. An unknown session gives no row.
 *
 * Parallel arrays, by call: $1 session keys, $2 context types, $3 contents, $4 metadata, $5 writing agents or NULL, $6 traceparents or
 * NULL.
 */
export const insertEntries: Statement = {
  name: 'handoff_insert_entries',
  text: `
WITH call AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    WITH ORDINALITY AS call (session_key, context_type, content, metadata, agent, traceparent, place)
), before AS (
  SELECT id, session_key, status, is_dormant, archived_at FROM sessions WHERE session_key = ANY ($1::text[]) FOR UPDATE SKIP LOCKED
), taken AS (
  SELECT before.id, before.is_dormant, call.*, row_number() OVER (PARTITION BY before.id ORDER BY call.place)::int AS number
  FROM call JOIN before USING (session_key) WHERE before.status = 'active' AND before.archived_at IS NULL
), touched AS (
  UPDATE sessions SET
    last_activity_at = now(),
    is_dormant = false,
    last_sequence_number = added.entries + GREATEST(sessions.last_sequence_number, COALESCE(
      (SELECT max(h.sequence_number) FROM context_history h WHERE h.session_id = sessions.id), 0))
  FROM (SELECT id, max(number) AS entries FROM taken GROUP BY id) AS added
  WHERE sessions.id = added.id
  RETURNING sessions.id, sessions.last_sequence_number - added.entries AS former
), numbered AS (
  SELECT taken.*, touched.former + taken.number AS sequence_number FROM taken JOIN touched USING (id)
), entry AS (
  INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes, processing_time_ms, agent)
  SELECT id, sequence_number, context_type, content, metadata::jsonb, octet_length(content), ${PROCESSING_MS}, agent FROM numbered ORDER BY place
  RETURNING id, session_id, sequence_number, created_at, content_size_bytes
), woken AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT id, 'reactivated', ${traced(`'{"cause": "context_added"}'::jsonb`, 'traceparent')} FROM numbered WHERE is_dormant AND number = 1
)
SELECT call.place::int, before.id IS NULL AS is_locked, s.id AS session_id, s.session_key,
  CASE WHEN before.archived_at IS NULL THEN before.status ELSE 'archived' END AS status,
  before.is_dormant AND numbered.number IS NOT DISTINCT FROM 1 AS was_dormant,
  entry.id AS entry_id, entry.sequence_number, entry.created_at, entry.content_size_bytes
FROM call JOIN sessions s USING (session_key) LEFT JOIN before ON before.id = s.id
  LEFT JOIN numbered USING (place)
  LEFT JOIN entry ON entry.session_id = numbered.id AND entry.sequence_number = numbered.sequence_number`,
};

export type InsertEntriesRow = InsertEntryRow & PlacedRow;
