import type { Statement } from '../../storage/database.js';
import { dormantThresholdHours } from '../../storage/policyHours.js';

/**
 * Marks idle sessions dormant, with their lifecycle events, in one statement.
 *
 * It takes the sessions that were to be looked at longest ago and that no other transaction holds. One that was active since then is
 * looked at again when it will have been idle for the threshold of its policy.
 *
 * `keys` are the keys of those that wrote an entry within the last hour, whose latest entry may still be cached.
 *
 * $1 maximum number of sessions, $2 event data, an object that is the same for all.
 */
export const sleepDue: Statement = {
  name: 'handoff_sleep_due',
  text: `
WITH due AS (
  SELECT id, session_key, retention_policy, COALESCE(last_activity_at, updated_at) AS idle_since
  FROM sessions
  WHERE status = 'active' AND archived_at IS NULL AND is_dormant IS NOT TRUE AND dormancy_check_at <= now()
  ORDER BY dormancy_check_at
  LIMIT $1::int
  FOR UPDATE SKIP LOCKED
), policies AS (
  SELECT used.name, ${dormantThresholdHours('used.name')} * interval '1 hour' AS threshold FROM (SELECT DISTINCT retention_policy AS name FROM due) AS used
), judged AS (
  UPDATE sessions SET
    is_dormant = due.idle_since + policies.threshold <= now(),
    dormancy_check_at = GREATEST(due.idle_since + policies.threshold, now())
  FROM due JOIN policies ON policies.name IS NOT DISTINCT FROM due.retention_policy
  WHERE sessions.id = due.id
  RETURNING sessions.id, due.session_key, due.idle_since, sessions.is_dormant AS is_asleep
), events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT id, 'dormant', $2::jsonb FROM judged WHERE is_asleep
)
SELECT count(*)::int AS taken,
  count(*) FILTER (WHERE is_asleep)::int AS changed,
  (array_agg(id) FILTER (WHERE is_asleep))[1:16] AS some_ids,
  array_agg(session_key) FILTER (WHERE is_asleep AND idle_since > now() - interval '1 hour') AS keys
FROM judged`,
};
