import type { Statement } from '../../storage/database.js';

/**
 * Deletes entries whose session does not exist, and records it. It jumps from session to session through the index of the entries, and
 * ends after some sessions; `next_id` continues there and is NULL at the end.
 *
 * $1 session id before the page, $2 maximum number of sessions.
 */
export const deleteStrayContext: Statement = {
  name: 'handoff_delete_stray_context',
  text: `
WITH RECURSIVE found AS (
  (SELECT session_id, 1 AS place FROM context_history WHERE session_id > $1::uuid ORDER BY session_id LIMIT 1)
  UNION ALL
  SELECT (SELECT h.session_id FROM context_history h WHERE h.session_id > found.session_id ORDER BY h.session_id LIMIT 1), place + 1
  FROM found WHERE found.session_id IS NOT NULL AND place < $2::int
), stray AS (
  SELECT session_id FROM found
  WHERE session_id IS NOT NULL AND NOT EXISTS (SELECT FROM sessions s WHERE s.id = found.session_id)
), gone AS (
  DELETE FROM context_history h USING stray WHERE h.session_id = stray.session_id RETURNING h.session_id
), records AS (
  INSERT INTO deletion_records (session_id, cause, deleted_by, deleted)
  SELECT session_id, 'orphan', 'sweep', jsonb_build_object('entries', count(*)) FROM gone GROUP BY session_id
)
SELECT (SELECT session_id FROM found WHERE place = $2::int) AS next_id, (SELECT count(*)::int FROM gone) AS deleted`,
};
