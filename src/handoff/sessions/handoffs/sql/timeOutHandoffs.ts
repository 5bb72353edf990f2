import type { Statement } from '../../../storage/database.js';

/**
 * Times out handoffs that their targets have not answered, oldest first for each agent, with one event each. Only agents that
 * use their inbox are looked at, and each has the whole time from its first use: an agent that looks into its inbox for the
 * first time can still answer what waited there. Handoffs that are being answered at this moment are left to that answer.
 *
 * $1 hours that an answer may take, $2 maximum number of handoffs.
 */
export const timeOutHandoffs: Statement = {
  name: 'handoff_time_out_handoffs',
  text: `
WITH due AS (
  SELECT waiting.id
  FROM inbox_agents a, LATERAL (
    SELECT r.id FROM handoff_requests r
    WHERE r.target_agent = a.agent AND r.status = 'pending' AND r.created_at <= now() - $1::float8 * interval '1 hour'
    ORDER BY r.created_at
    LIMIT $2::int
    FOR UPDATE SKIP LOCKED
  ) waiting
  WHERE a.first_used_at <= now() - $1::float8 * interval '1 hour'
  LIMIT $2::int
), ended AS (
  UPDATE handoff_requests r SET status = 'timed_out', completed_at = now()
  FROM due
  WHERE r.id = due.id AND r.status = 'pending'
  RETURNING r.id, r.session_id, r.target_agent, r.request_type
), events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT session_id, 'handoff_timed_out', jsonb_build_object('handoff_id', id, 'agent', target_agent, 'request_type', request_type) FROM ended
)
SELECT request_type, count(*)::int AS handoffs FROM ended GROUP BY request_type`,
};

export interface TimedOutRow {
  readonly request_type: string;
  readonly handoffs: number;
}
