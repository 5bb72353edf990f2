import type { Statement } from '../../storage/database.js';
import { IS_LIVE, LOCKED_SESSION, STATE_ROW } from './stateRow.js';

/** Ends one live session at once, and makes it due for the archive. Gives a `StateRow`. $1 session id, $2 event data. */
export const expireOne: Statement = {
  name: 'handoff_expire_one',
  text: `
WITH ${LOCKED_SESSION}, changed AS (
  UPDATE sessions SET status = 'expired', is_dormant = false, expires_at = LEAST(sessions.expires_at, now())
  FROM before WHERE sessions.id = before.id AND ${IS_LIVE}
  RETURNING sessions.id
), event AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data) SELECT id, 'expired', $2::jsonb FROM changed
)
${STATE_ROW}`,
};
