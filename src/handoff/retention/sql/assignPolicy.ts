import type { Statement } from '../../storage/database.js';
import { isLeftAlone } from './isLeftAlone.js';

/**
 * Gives one session a policy with its time to live, and records it. A time of expiry that was fixed by hand stays. Sessions in the
 * archive take the new policy's time there. Gives no row for an unknown session; `known` says whether the policy exists.
 *
 * $1 session id or NULL, $2 session key or NULL, $3 policy, $4 who assigns it.
 */
export const assignPolicy: Statement = {
  name: 'handoff_assign_policy',
  text: `
WITH policy AS (
  SELECT name, active_session_ttl_hours AS ttl_hours, dormant_threshold_hours FROM retention_policies WHERE name = $3::text
), before AS (
  SELECT id, session_key, retention_policy, ttl_hours, COALESCE(last_activity_at, updated_at) AS idle_since
  FROM sessions WHERE id = $1::uuid OR session_key = $2::text
  FOR UPDATE
), assigned AS (
  UPDATE sessions s SET
    retention_policy = policy.name,
    ttl_hours = CASE WHEN s.ttl_hours IS NOT NULL THEN policy.ttl_hours END,
    expires_at = CASE WHEN s.ttl_hours IS NOT NULL AND s.expires_at IS NOT NULL AND NOT ${isLeftAlone('s', 'before.idle_since')}
      THEN LEAST(s.expires_at, before.idle_since + make_interval(secs => policy.ttl_hours * 3600)) ELSE s.expires_at END,
    dormancy_check_at = LEAST(s.dormancy_check_at, before.idle_since + make_interval(secs => policy.dormant_threshold_hours * 3600))
  FROM before, policy
  WHERE s.id = before.id
    AND (s.retention_policy IS DISTINCT FROM policy.name OR s.ttl_hours IS NOT NULL AND s.ttl_hours <> policy.ttl_hours)
  RETURNING s.id, s.retention_policy, s.ttl_hours
), change AS (
  INSERT INTO retention_changes (changed_by, subject, subject_id, before, after)
  SELECT $4::text, 'assignment', before.id::text,
    jsonb_build_object('policy', before.retention_policy, 'ttlHours', before.ttl_hours),
    jsonb_build_object('policy', assigned.retention_policy, 'ttlHours', assigned.ttl_hours)
  FROM before JOIN assigned ON assigned.id = before.id
)
SELECT before.id, before.session_key, before.retention_policy AS former, EXISTS (SELECT FROM policy) AS known,
  EXISTS (SELECT FROM assigned) AS changed
FROM before`,
};

export interface AssignPolicyRow {
  readonly id: string;
  readonly session_key: string;
  readonly former: string | null;
  readonly known: boolean;
  readonly changed: boolean;
}
