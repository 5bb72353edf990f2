import type { Statement } from '../../storage/database.js';
import { utcText } from '../../storage/utcText.js';
import { IS_LIVE, LOCKED_SESSION, STATE_ROW } from './stateRow.js';

/**
 * Fixes when one live session expires; activity no longer moves that time. Nothing is written where it is fixed at that time already.
 * Gives a `StateRow`. $1 session id, $2 event data, $3 time of expiry.
 */
export const scheduleOne: Statement = {
  name: 'handoff_schedule_one',
  text: `
WITH ${LOCKED_SESSION}, changed AS (
  UPDATE sessions SET expires_at = $3::timestamptz, ttl_hours = NULL
  FROM before
  WHERE sessions.id = before.id AND ${IS_LIVE}
    AND (before.expires_at IS DISTINCT FROM $3::timestamptz OR before.ttl_hours IS NOT NULL)
  RETURNING sessions.id, sessions.expires_at, sessions.retention_policy
), event AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT id, 'expiration_scheduled',
    $2::jsonb || jsonb_build_object('expires_at', ${utcText('expires_at')}, 'retention_policy', retention_policy, 'ttl_hours', NULL)
  FROM changed
)
${STATE_ROW}`,
};
