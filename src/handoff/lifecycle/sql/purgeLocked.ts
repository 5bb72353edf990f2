import type { Statement } from '../../storage/database.js';
import { agentsOf } from './cachedKeys.js';

/**
 * Deletes sessions that this transaction has locked, with all that belongs to them, and records it. Their objects in cold storage are
 * noted as leftovers: a sweep deletes them after the commit. Holds are read again, by a statement that began when the rows were locked:
 * whoever places one locks the session first, so that a session is never held and deleted.
 *
 * Children are deleted by name and not only by their foreign keys, which a host may lack; this also counts them.
 *
 * $1 session ids, $2 event data, an object that is the same for all, $3 who deletes, $4 how many entries this transaction has deleted
 * already, as a JSON object by session id.
 */
export const purgeLocked: Statement = {
  name: 'handoff_purge_locked',
  text: `
WITH due AS (
  SELECT s.id, s.session_key, s.retention_policy, ${agentsOf('s')} AS agents, a.object_key, a.store, a.location, a.entry_count
  FROM sessions s LEFT JOIN session_archives a ON a.session_id = s.id
  WHERE s.id = ANY($1::uuid[]) AND NOT EXISTS (SELECT FROM session_holds h WHERE h.session_id = s.id)
), entries AS (
  DELETE FROM context_history h USING due WHERE h.session_id = due.id RETURNING h.session_id
), snapshots AS (
  DELETE FROM codebase_snapshots c USING due WHERE c.session_id = due.id RETURNING c.session_id
), handoffs AS (
  DELETE FROM handoff_requests r USING due WHERE r.session_id = due.id RETURNING r.session_id
), leftovers AS (
  INSERT INTO archive_leftovers (object_key, session_id, store, location, noted_at)
  SELECT object_key, id, store, location, '-infinity' FROM due WHERE object_key IS NOT NULL
  ON CONFLICT (object_key) DO UPDATE SET noted_at = '-infinity', given_up_at = now()
), sessions_gone AS (
  DELETE FROM sessions s USING due WHERE s.id = due.id
), records AS (
  INSERT INTO deletion_records (session_id, cause, retention_policy, deleted_by, deleted)
  SELECT due.id, 'retention', due.retention_policy, $3, jsonb_build_object(
    'entries', COALESCE(e.rows, 0) + COALESCE(($4::jsonb ->> due.id::text)::bigint, 0), 'snapshots', COALESCE(c.rows, 0), 'handoffs', COALESCE(r.rows, 0),
    'objects', CASE WHEN due.object_key IS NULL THEN 0 ELSE 1 END, 'archivedEntries', COALESCE(due.entry_count, 0))
  FROM due
    LEFT JOIN (SELECT session_id, count(*) AS rows FROM entries GROUP BY session_id) AS e ON e.session_id = due.id
    LEFT JOIN (SELECT session_id, count(*) AS rows FROM snapshots GROUP BY session_id) AS c ON c.session_id = due.id
    LEFT JOIN (SELECT session_id, count(*) AS rows FROM handoffs GROUP BY session_id) AS r ON r.session_id = due.id
), events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT id, 'purged', $2::jsonb || jsonb_build_object('retention_policy', retention_policy) FROM due
)
SELECT id, session_key, true AS is_dead, agents FROM due`,
};
