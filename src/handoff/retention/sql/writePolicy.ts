import type { Statement } from '../../storage/database.js';
import { TTL_PER_DORMANT_THRESHOLD } from '../retentionPolicy.js';
import { POLICY_COLUMNS, policyJson } from './policyColumns.js';
import type { PolicyRow } from './policyColumns.js';
import { PENDING_NAME } from './pendingPolicy.js';

/**
 * Creates or changes a policy and records who did it. Where its sessions have to learn of the change, it is noted as pending: a
 * process that dies before they have leaves the rest to the next. Without a change nothing is written.
 *
 * $1 name, $2 activeSessionTtl (hours), $3 archivedSessionTtl (days), $4 logRetentionDays, $5 metricsRetentionDays,
 * $6 dormantThresholdHours or NULL, $7 who changes it.
 */
export const writePolicy: Statement = {
  name: 'handoff_write_policy',
  text: `
WITH before AS (
  SELECT ${POLICY_COLUMNS} FROM retention_policies WHERE name = $1::text
), written AS (
  INSERT INTO retention_policies AS p (${POLICY_COLUMNS})
  SELECT $1::text, $2::float8, $3::float8, $4::float8, $5::float8,
    COALESCE($6::float8, (SELECT LEAST(dormant_threshold_hours, $2::float8) FROM before), $2::float8 / ${TTL_PER_DORMANT_THRESHOLD}), now(), $7::text
  ON CONFLICT (name) DO UPDATE SET
    active_session_ttl_hours = EXCLUDED.active_session_ttl_hours, archived_session_ttl_days = EXCLUDED.archived_session_ttl_days,
    log_retention_days = EXCLUDED.log_retention_days, metrics_retention_days = EXCLUDED.metrics_retention_days,
    dormant_threshold_hours = EXCLUDED.dormant_threshold_hours, updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by
  WHERE ${policyJson('p')} <> ${policyJson('EXCLUDED')}
  RETURNING ${POLICY_COLUMNS}
), change AS (
  INSERT INTO retention_changes (changed_by, subject, subject_id, before, after)
  SELECT $7::text, 'policy', written.name, (SELECT ${policyJson('before')} FROM before), ${policyJson('written')} FROM written
), pending AS (
  INSERT INTO sweep_positions AS s (name, position)
  SELECT ${PENDING_NAME}, jsonb_build_object('after', NULL, 'formerHours', CASE
    WHEN before.active_session_ttl_hours <> written.active_session_ttl_hours THEN jsonb_build_array(before.active_session_ttl_hours)
    ELSE '[]'::jsonb END)::text
  FROM before, written
  WHERE before.active_session_ttl_hours <> written.active_session_ttl_hours
    OR before.dormant_threshold_hours > written.dormant_threshold_hours
  -- What an earlier change has not finished starts again, towards the new values.
  ON CONFLICT (name) DO UPDATE SET updated_at = now(), position = jsonb_build_object('after', NULL, 'formerHours', COALESCE((
    SELECT jsonb_agg(DISTINCT hours) FROM jsonb_array_elements((s.position::jsonb -> 'formerHours') || (EXCLUDED.position::jsonb -> 'formerHours')) AS hours
    WHERE hours <> to_jsonb($2::float8)), '[]'::jsonb))::text
  RETURNING 1
)
SELECT ${POLICY_COLUMNS}, true AS changed, NOT EXISTS (SELECT FROM before) AS created, EXISTS (SELECT FROM pending) AS pending FROM written
UNION ALL
SELECT ${POLICY_COLUMNS}, false, false, false FROM before WHERE NOT EXISTS (SELECT FROM written)`,
};

export interface WritePolicyRow extends PolicyRow {
  readonly changed: boolean;
  readonly created: boolean;
  /** Whether its sessions have yet to learn of the change. */
  readonly pending: boolean;
}
