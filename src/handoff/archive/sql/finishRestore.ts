import type { Statement } from '../../storage/database.js';
import { activeTtlHours } from '../../storage/policyHours.js';
import { traced } from '../../storage/tracedEvent.js';
import { utcText } from '../../storage/utcText.js';
import { isReady } from './isReady.js';

/**
 * Ends the restoration of a session whose rows were put back in this transaction. A session that would be archived again at once
 * is left alone for as long as its policy lets a live one be idle. A trigger notes its object, which a sweep deletes when readers
 * are done with it.
 *
 * $1 session id, $2 whether it was dormant, $3 who restored it, $4 traceparent of the call or NULL.
 */
export const finishRestore: Statement = {
  name: 'handoff_archive_finish_restore',
  text: `
WITH described AS (
  DELETE FROM session_archives WHERE session_id = $1::uuid
), restored AS (
  UPDATE sessions s SET
    archived_at = NULL,
    is_dormant = $2::boolean,
    expires_at = CASE
      WHEN s.status <> 'active' AND s.expires_at <= now() AND ${isReady('s')}
      THEN now() + ${activeTtlHours('s.retention_policy')} * interval '1 hour'
      ELSE s.expires_at END
  WHERE s.id = $1::uuid
  RETURNING s.id, s.status, s.expires_at
), event AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT id, 'restored', ${traced(`jsonb_build_object('to', status, 'by', $3::text, 'expires_at', ${utcText('expires_at')})`, '$4')} FROM restored
)
SELECT id FROM restored`,
};
