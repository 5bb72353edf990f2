import type { Statement } from '../../storage/database.js';

/**
 * Ends sessions whose time has come, with their lifecycle events, in one statement.
 *
 * It takes the sessions that are due longest and that no other transaction holds. One that was active since its due time was set is
 * not over: its `expires_at` moves to the end of its time to live. The rows are judged as they are once they are locked, so an entry
 * that commits first keeps its session alive, and a session never expires twice.
 *
 * $1 maximum number of sessions, $2 event data, an object that is the same for all.
 */
export const expireDue: Statement = {
  name: 'handoff_expire_due',
  text: `
WITH due AS (
  SELECT id, COALESCE(is_dormant, false) AS was_dormant,
    COALESCE(last_activity_at, updated_at) + ttl_hours * interval '1 hour' AS until
  FROM sessions
  WHERE status = 'active' AND archived_at IS NULL AND expires_at <= now()
  ORDER BY expires_at
  LIMIT $1::int
  FOR UPDATE SKIP LOCKED
), judged AS (
  UPDATE sessions SET
    status = CASE WHEN due.until > now() THEN sessions.status ELSE 'expired' END,
    -- One that is over has expired at the later of the two, which both have passed: readers are told that time.
    expires_at = GREATEST(due.until, sessions.expires_at),
    -- Without a time to live, because an operator has fixed the time of expiry, there is no end of it to compare with.
    is_dormant = COALESCE(due.was_dormant AND due.until > now(), false)
  FROM due
  WHERE sessions.id = due.id
  RETURNING sessions.id, due.was_dormant, sessions.status = 'expired' AS is_over
), events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT id, 'expired', $2::jsonb FROM judged WHERE is_over
)
SELECT count(*)::int AS taken,
  count(*) FILTER (WHERE is_over)::int AS changed,
  count(*) FILTER (WHERE is_over AND was_dormant)::int AS changed_dormant,
  (array_agg(id) FILTER (WHERE is_over))[1:16] AS some_ids
FROM judged`,
};
