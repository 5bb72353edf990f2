import type { Statement } from '../../../storage/database.js';
import { dormantThresholdHours } from '../../../storage/policyHours.js';
import { LOCKED_HANDOFF, STATUS_BEFORE, answerRow, handoffEvent, writingEvents } from './answerParts.js';

/** A fixed time of expiry that has passed: the next sweep ends the session, whoever has accepted it. */
const LIVES = '(before.ttl_hours IS NOT NULL OR before.expires_at IS NULL OR before.expires_at > now())';

/** The session's state after the answer, and the reason where there is none. */
const STATUS_AFTER = `COALESCE((SELECT moved.status FROM moved), CASE WHEN before.archived_at IS NULL AND NOT ${LIVES} THEN 'expired' ELSE ${STATUS_BEFORE} END)`;

/**
 * Accepts a handoff. A full one makes its session active again, under the agent that accepts, with its time to live and its look
 * at dormancy set anew; any other only gets the answer. The two events are written in the same statement.
 *
 * $1 session key, $2 answering agent, $3 handoff id or NULL, $4 traceparent of the call or NULL.
 */
export const acceptHandoff: Statement = {
  name: 'handoff_accept_handoff',
  text: `${LOCKED_HANDOFF}, answered AS (
  UPDATE handoff_requests r SET status = 'accepted', answered_at = now(), answered_by = $2
  FROM request, before
  WHERE r.id = request.id AND request.status = 'pending' AND request.target_agent = $2
    AND before.archived_at IS NULL AND before.status IN ('active', 'completed') AND ${LIVES}
  RETURNING r.*
), moved AS (
  UPDATE sessions SET
    status = 'active',
    agent_to = $2,
    last_activity_at = now(),
    is_dormant = false,
    expires_at = CASE WHEN sessions.ttl_hours IS NULL THEN sessions.expires_at ELSE now() + sessions.ttl_hours * interval '1 hour' END,
    dormancy_check_at = now() + interval '1 hour' * ${dormantThresholdHours('sessions.retention_policy')}
  FROM answered
  WHERE sessions.id = answered.session_id AND answered.request_type = 'full_handoff'
  RETURNING sessions.id, sessions.status
), ${writingEvents('answered CROSS JOIN before LEFT JOIN moved ON true', [
    handoffEvent('handoff_accepted'),
    "('status_changed', jsonb_build_object('from', before.status, 'to', moved.status, 'cause', 'handoff_accepted'), moved.status <> before.status)",
  ])}${answerRow(STATUS_AFTER)}`,
};
