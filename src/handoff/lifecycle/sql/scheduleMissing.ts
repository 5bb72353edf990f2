import type { Statement } from '../../storage/database.js';
import { activeTtlHours } from '../../storage/policyHours.js';
import { utcText } from '../../storage/utcText.js';

/**
 * Gives sessions without a time of expiry one, with a lifecycle event: an earlier server may have left it out, and no sweep would
 * ever take them. Ended ones get it too, because they are archived by it. Both parts read an index that has the NULLs at its end.
 *
 * $1 maximum number of sessions, $2 event data, an object that is the same for all.
 */
export const scheduleMissing: Statement = {
  name: 'handoff_schedule_missing',
  text: `
WITH live AS (
  SELECT id FROM sessions WHERE status = 'active' AND archived_at IS NULL AND expires_at IS NULL LIMIT $1::int FOR UPDATE SKIP LOCKED
), ended AS (
  SELECT id FROM sessions WHERE status <> 'active' AND archived_at IS NULL AND expires_at IS NULL LIMIT $1::int FOR UPDATE SKIP LOCKED
), scheduled AS (
  UPDATE sessions SET
    ttl_hours = COALESCE(sessions.ttl_hours, ${activeTtlHours('sessions.retention_policy')}),
    expires_at = COALESCE(sessions.last_activity_at, sessions.updated_at)
      + COALESCE(sessions.ttl_hours, ${activeTtlHours('sessions.retention_policy')}) * interval '1 hour'
  WHERE id IN (SELECT id FROM live UNION ALL SELECT id FROM ended)
  RETURNING id, expires_at, ttl_hours, retention_policy
), events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT id, 'expiration_scheduled',
    $2::jsonb || jsonb_build_object('expires_at', ${utcText('expires_at')}, 'retention_policy', retention_policy, 'ttl_hours', ttl_hours)
  FROM scheduled
)
SELECT count(*)::int AS taken, count(*)::int AS changed, (array_agg(id))[1:16] AS some_ids FROM scheduled`,
};
