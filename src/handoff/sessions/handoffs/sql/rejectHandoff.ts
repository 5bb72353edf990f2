import type { Statement } from '../../../storage/database.js';
import { LOCKED_HANDOFF, STATUS_BEFORE, answerRow, handoffEvent, writingEvents } from './answerParts.js';

/**
 * Rejects a handoff. The session stays as it is: after a full handoff it is completed.
 *
 * $1 session key, $2 answering agent, $3 handoff id or NULL, $4 traceparent of the call or NULL, $5 the reason as JSON, or NULL.
 */
export const rejectHandoff: Statement = {
  name: 'handoff_reject_handoff',
  text: `${LOCKED_HANDOFF}, answered AS (
  UPDATE handoff_requests r SET status = 'rejected', answered_at = now(), answered_by = $2, completed_at = now(), answer = $5::jsonb
  FROM request, before
  WHERE r.id = request.id AND request.status = 'pending' AND request.target_agent = $2 AND before.archived_at IS NULL
  RETURNING r.*
), ${writingEvents('answered', [handoffEvent('handoff_rejected')])}${answerRow(STATUS_BEFORE)}`,
};
