import type { Statement } from '../../storage/database.js';
import { archivedTtlDays } from '../../storage/policyHours.js';

/**
 * Locks archived sessions whose time has passed and that are not on hold, oldest first. `hot_rows` is how many entries each still has in
 * the database, up to a limit: none when they are in cold storage, but an earlier server left them where they were.
 *
 * $1 name of the policy, $2 maximum number of sessions, $3 limit of `hot_rows`, $4 ids of sessions to pass over.
 */
export const lockPurgeable: Statement = {
  name: 'handoff_lock_purgeable',
  text: `
SELECT s.id, (SELECT count(*)::int FROM (SELECT FROM context_history h WHERE h.session_id = s.id LIMIT $3::int) AS counted) AS hot_rows
FROM sessions s
WHERE s.archived_at IS NOT NULL AND s.retention_policy = $1
  AND s.archived_at <= now() - (SELECT ${archivedTtlDays('$1')}) * interval '1 day'
  AND NOT EXISTS (SELECT FROM session_holds h WHERE h.session_id = s.id)
  AND s.id <> ALL ($4::uuid[])
ORDER BY s.archived_at
LIMIT $2::int
FOR UPDATE OF s SKIP LOCKED`,
};

export interface PurgeableRow {
  readonly id: string;
  readonly hot_rows: number;
}
