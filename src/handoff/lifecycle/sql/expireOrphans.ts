import type { Statement } from '../../storage/database.js';

/**
 * Ends a page of abandoned sessions, with their lifecycle events: idle for 7 days, and without any context or without an owner.
 *
 * Only those are looked at that could be idle for so long (index sessions_long_lived_idx); the others have expired before. An entry
 * that commits first ends the idle time, so that its session is not taken. `next_time` and `next_id` continue after the page; NULL at
 * the end.
 *
 * $1 maximum number of sessions, $2 event data, an object that is the same for all, $3 time of registration and $4 id of the session
 * before the page.
 */
export const expireOrphans: Statement = {
  name: 'handoff_expire_orphans',
  text: `
WITH candidates AS (
  SELECT id, created_at FROM sessions
  WHERE status = 'active' AND archived_at IS NULL AND (ttl_hours IS NULL OR ttl_hours > 168)
    AND created_at <= now() - interval '7 days' AND (created_at, id) > ($3::timestamptz, $4::uuid)
  ORDER BY created_at, id LIMIT $1::int
), last AS (
  SELECT created_at::text AS next_time, id AS next_id FROM candidates ORDER BY created_at DESC, id DESC LIMIT 1
), abandoned AS (
  SELECT s.id, COALESCE(s.is_dormant, false) AS was_dormant
  FROM sessions s
  WHERE s.id IN (SELECT id FROM candidates) AND s.status = 'active' AND s.archived_at IS NULL
    AND COALESCE(s.last_activity_at, s.updated_at) <= now() - interval '7 days'
    AND (btrim(s.agent_from) = '' OR NOT EXISTS (SELECT FROM context_history h WHERE h.session_id = s.id))
  FOR UPDATE OF s SKIP LOCKED
), ended AS (
  UPDATE sessions SET status = 'expired', is_dormant = false, expires_at = LEAST(sessions.expires_at, now())
  FROM abandoned WHERE sessions.id = abandoned.id
  RETURNING sessions.id, abandoned.was_dormant
), events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data) SELECT id, 'expired', $2::jsonb FROM ended
)
SELECT (SELECT count(*)::int FROM candidates) AS taken,
  count(*)::int AS changed,
  count(*) FILTER (WHERE was_dormant)::int AS changed_dormant,
  (array_agg(id))[1:16] AS some_ids,
  (SELECT next_time FROM last) AS next_time, (SELECT next_id FROM last) AS next_id
FROM ended`,
};
