import type { Statement } from '../../storage/database.js';

/** The names of policies that archived sessions have, by jumping through the index from name to name. No parameters. */
export const archivedPolicies: Statement = {
  name: 'handoff_archived_policies',
  text: `
WITH RECURSIVE names AS (
  (SELECT retention_policy AS name FROM sessions WHERE archived_at IS NOT NULL ORDER BY retention_policy LIMIT 1)
  UNION ALL
  SELECT (SELECT s.retention_policy FROM sessions s
    WHERE s.archived_at IS NOT NULL AND s.retention_policy > names.name ORDER BY s.retention_policy LIMIT 1)
  FROM names WHERE names.name IS NOT NULL
)
SELECT name FROM names WHERE name IS NOT NULL`,
};
