import type { Statement } from '../../storage/database.js';

/** For how long the session that is due longest has waited, in seconds, for each sweep; NULL where none is due. No parameters. */
export const oldestDue: Statement = {
  name: 'handoff_oldest_due',
  text: `
SELECT
  extract(epoch FROM now() - (SELECT expires_at FROM sessions
    WHERE status = 'active' AND archived_at IS NULL AND expires_at <= now() ORDER BY expires_at LIMIT 1))::float8 AS expire,
  -- Earlier servers' sessions have never been looked at: they count as due since they were last used.
  extract(epoch FROM now() - (SELECT GREATEST(dormancy_check_at, last_activity_at) FROM sessions
    WHERE status = 'active' AND archived_at IS NULL AND is_dormant IS NOT TRUE AND dormancy_check_at <= now()
    ORDER BY dormancy_check_at LIMIT 1))::float8 AS dormant`,
};
