import type { Statement } from '../../storage/database.js';
import { dormantThresholdHours } from '../../storage/policyHours.js';
import { IS_LIVE, LOCKED_SESSION, STATE_ROW } from './stateRow.js';

/**
 * Makes one dormant session active. It is no activity: the idle clock goes on, and only the next look for dormancy is put off by the
 * threshold of the policy. Gives a `StateRow`. $1 session id, $2 event data.
 */
export const wakeOne: Statement = {
  name: 'handoff_wake_one',
  text: `
WITH ${LOCKED_SESSION}, changed AS (
  UPDATE sessions SET
    is_dormant = false,
    dormancy_check_at = now() + ${dormantThresholdHours('before.retention_policy')} * interval '1 hour'
  FROM before WHERE sessions.id = before.id AND ${IS_LIVE} AND before.is_dormant
  RETURNING sessions.id
), event AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data) SELECT id, 'reactivated', $2::jsonb FROM changed
)
${STATE_ROW}`,
};
