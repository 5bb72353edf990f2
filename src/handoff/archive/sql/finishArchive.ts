import type { Statement } from '../../storage/database.js';
import { traced } from '../../storage/tracedEvent.js';

/**
 * Ends the move of a session whose rows were deleted in this transaction: its state, the description of its object and the
 * lifecycle event. Gives no row if rows are left, or if a sweep has given up on the object and may have deleted it.
 *
 * $1 session id, $2 object key, $3 store, $4 location, $5 sha256, $6 stored bytes, $7 content bytes, $8 entries, $9 snapshots,
 * $10 handoffs, $11 facts, $12 traceparent of the call or NULL.
 */
export const finishArchive: Statement = {
  name: 'handoff_archive_finish',
  text: `
WITH note AS (
  DELETE FROM archive_leftovers WHERE object_key = $2 AND noted_at > '-infinity' RETURNING object_key
), archived AS (
  UPDATE sessions s SET archived_at = now(), is_dormant = true
  FROM note
  WHERE s.id = $1::uuid
    AND NOT EXISTS (SELECT FROM context_history r WHERE r.session_id = $1::uuid)
    AND NOT EXISTS (SELECT FROM codebase_snapshots r WHERE r.session_id = $1::uuid)
    AND NOT EXISTS (SELECT FROM handoff_requests r WHERE r.session_id = $1::uuid)
  RETURNING s.id, s.status
), described AS (
  INSERT INTO session_archives (session_id, object_key, store, location, sha256, stored_bytes, content_bytes, entry_count, snapshot_count, handoff_count, facts)
  SELECT id, $2, $3, $4, $5, $6::bigint, $7::bigint, $8::int, $9::int, $10::int, $11::jsonb FROM archived
), event AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT id, 'archived', ${traced("jsonb_build_object('from', status, 'entries', $8::int, 'storedBytes', $6::bigint, 'store', $3::text)", '$12')} FROM archived
)
SELECT id FROM archived`,
};

/**
 * Archives a session where it is, for servers without an object store. Gives no row if it is archived or has not ended.
 *
 * $1 session id, $2 traceparent of the call or NULL.
 */
export const archiveInPlace: Statement = {
  name: 'handoff_archive_in_place',
  text: `
WITH archived AS (
  UPDATE sessions SET archived_at = now(), is_dormant = true
  WHERE id = $1::uuid AND archived_at IS NULL AND status <> 'active'
  RETURNING id, status
), event AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT id, 'archived', ${traced("jsonb_build_object('from', status, 'store', 'none')", '$2')} FROM archived
)
SELECT id FROM archived`,
};

export interface FinishedArchive {
  readonly id: string;
}
