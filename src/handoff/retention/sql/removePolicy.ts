import type { Statement } from '../../storage/database.js';
import { DEFAULT_POLICY } from '../retentionPolicy.js';
import { POLICY_COLUMNS, policyJson } from './policyColumns.js';

/** Counting ends here: that many say enough. */
const MOST_COUNTED = 1000;

/**
 * Removes a policy that nothing uses and records it; says who uses it otherwise. Gives no row for an unknown policy.
 *
 * $1 name, $2 who removes it.
 */
export const removePolicy: Statement = {
  name: 'handoff_remove_policy',
  text: `
WITH uses AS (
  SELECT (SELECT count(*) FROM (SELECT FROM sessions WHERE retention_policy = $1::text LIMIT ${MOST_COUNTED}) counted)::int AS sessions,
    (SELECT count(*) FROM retention_rules WHERE policy = $1::text)::int AS rules
), before AS (
  SELECT ${POLICY_COLUMNS} FROM retention_policies WHERE name = $1::text
), removed AS (
  DELETE FROM retention_policies p USING uses
  WHERE p.name = $1::text AND p.name <> '${DEFAULT_POLICY}' AND uses.sessions = 0 AND uses.rules = 0
  RETURNING p.name
), change AS (
  INSERT INTO retention_changes (changed_by, subject, subject_id, before)
  SELECT $2::text, 'policy', removed.name, ${policyJson('before')} FROM removed, before
), no_longer_pending AS (
  DELETE FROM sweep_positions WHERE name = 'retention-policy:' || (SELECT name FROM removed)
)
SELECT EXISTS (SELECT FROM removed) AS removed, uses.sessions, uses.rules FROM before, uses`,
};

export interface RemovePolicyRow {
  readonly removed: boolean;
  readonly sessions: number;
  readonly rules: number;
}
