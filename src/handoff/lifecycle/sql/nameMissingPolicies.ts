import type { Statement } from '../../storage/database.js';

/** Gives archived sessions without a policy the one that counts for them, so that the index finds them. $1 maximum number. */
export const nameMissingPolicies: Statement = {
  name: 'handoff_name_missing_policies',
  text: `
WITH named AS (
  UPDATE sessions SET retention_policy = 'standard'
  WHERE id IN (SELECT id FROM sessions WHERE archived_at IS NOT NULL AND retention_policy IS NULL LIMIT $1::int FOR UPDATE SKIP LOCKED)
  RETURNING 1
)
SELECT count(*)::int AS named FROM named`,
};
