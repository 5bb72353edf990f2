import type { Statement } from '../../../storage/database.js';
import { LOCKED_HANDOFF, STATUS_BEFORE, answerRow, handoffEvent, writingEvents } from './answerParts.js';

/**
 * Completes a handoff that was accepted: the target has done what it took over. The session stays as it is, since its agent may
 * have handed it on.
 *
 * $1 session key, $2 answering agent, $3 handoff id or NULL, $4 traceparent of the call or NULL, $5 the result as JSON, or NULL.
 */
export const completeHandoff: Statement = {
  name: 'handoff_complete_handoff',
  text: `${LOCKED_HANDOFF}, answered AS (
  UPDATE handoff_requests r SET status = 'completed', completed_at = now(), answer = $5::jsonb
  FROM request, before
  WHERE r.id = request.id AND request.status = 'accepted' AND request.target_agent = $2 AND before.archived_at IS NULL
  RETURNING r.*
), ${writingEvents('answered', [handoffEvent('handoff_completed')])}${answerRow(STATUS_BEFORE)}`,
};
