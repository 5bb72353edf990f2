import type { Statement } from '../../storage/database.js';
import { isLeftAlone } from './isLeftAlone.js';
import { DEFAULT_POLICY } from '../retentionPolicy.js';

/**
 * Brings sessions to the present values of their policy: those whose time to live is one that the policy had get the new one, and
 * what is due is looked at no later than the new values want. What is due later is found by the sweeps, which move it on.
 * Sessions whose expiry was fixed by hand, or whose time to live is not the policy's, keep it, and restored ones their time out of the
 * archive.
 */
function applyTo(page: string): string {
  const idleSince = 'COALESCE(s.last_activity_at, s.updated_at)';
  const hasFormerTtl = 's.ttl_hours = ANY ($2::float8[])';
  const dormantAt = `${idleSince} + make_interval(secs => policy.dormant_threshold_hours * 3600)`;
  return `
WITH page AS (${page}
), policy AS (
  SELECT active_session_ttl_hours, dormant_threshold_hours FROM retention_policies WHERE name = $1::text
), changed AS (
  UPDATE sessions s SET
    ttl_hours = CASE WHEN ${hasFormerTtl} THEN policy.active_session_ttl_hours ELSE s.ttl_hours END,
    expires_at = CASE WHEN ${hasFormerTtl} AND s.expires_at IS NOT NULL AND NOT ${isLeftAlone('s', idleSince)}
      THEN LEAST(s.expires_at, ${idleSince} + make_interval(secs => policy.active_session_ttl_hours * 3600)) ELSE s.expires_at END,
    dormancy_check_at = LEAST(s.dormancy_check_at, ${dormantAt})
  FROM page, policy
  WHERE s.id = page.id AND s.archived_at IS NULL
    AND (s.retention_policy = $1::text
      OR $1::text = '${DEFAULT_POLICY}' AND NOT EXISTS (SELECT FROM retention_policies known WHERE known.name = s.retention_policy))
    AND (${hasFormerTtl} OR s.dormancy_check_at > ${dormantAt})
  RETURNING 1
)
SELECT (SELECT count(*) FROM changed)::int AS changed, count(*)::int AS looked_at,
  (SELECT id FROM page ORDER BY id DESC LIMIT 1) AS last
FROM page`;
}

/**
 * Does that for the next sessions by id.
 *
 * $1 policy, $2 its former times to live in hours, $3 id of the last session that is done or NULL, $4 how many to look at.
 */
export const applyPolicy: Statement = {
  name: 'handoff_apply_policy',
  text: applyTo(`
  SELECT id FROM sessions WHERE id > COALESCE($3::uuid, '00000000-0000-0000-0000-000000000000') ORDER BY id LIMIT $4::int`),
};

/**
 * Does that for sessions that were being registered under the former values while the change was made, wherever their ids are.
 *
 * $1 policy, $2 its former times to live in hours.
 */
export const applyPolicyToNewest: Statement = {
  name: 'handoff_apply_policy_to_newest',
  text: applyTo(`
  SELECT id FROM sessions
  WHERE created_at >= (SELECT updated_at - interval '1 minute' FROM sweep_positions WHERE name = 'retention-policy:' || $1::text)`),
};

export interface ApplyPolicyRow {
  readonly changed: number;
  readonly looked_at: number;
  readonly last: string | null;
}
