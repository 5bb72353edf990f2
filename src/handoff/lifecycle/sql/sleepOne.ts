import type { Statement } from '../../storage/database.js';
import { IS_LIVE, LOCKED_SESSION, STATE_ROW } from './stateRow.js';

/** Marks one active session dormant, however long it has been idle. Gives a `StateRow`. $1 session id, $2 event data. */
export const sleepOne: Statement = {
  name: 'handoff_sleep_one',
  text: `
WITH ${LOCKED_SESSION}, changed AS (
  UPDATE sessions SET is_dormant = true
  FROM before WHERE sessions.id = before.id AND ${IS_LIVE} AND NOT before.is_dormant
  RETURNING sessions.id
), event AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data) SELECT id, 'dormant', $2::jsonb FROM changed
)
${STATE_ROW}`,
};
