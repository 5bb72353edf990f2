import type { Statement } from '../../storage/database.js';
import { traced } from '../../storage/tracedEvent.js';
import { CALLER_METADATA } from '../callersKeys.js';

/**
 * The registering agent's values for keys that a handoff writes. Kept only at the first handoff: after that they are ours.
 */
const CALLERS_KEYS = `CASE WHEN agent_to IS NULL AND metadata ?| array['lastHandoffRequest', 'requestType', 'targetAgent'] THEN
      jsonb_build_object('${CALLER_METADATA}', (SELECT jsonb_object_agg(key, value) FROM jsonb_each(metadata) WHERE key IN ('lastHandoffRequest', 'requestType', 'targetAgent', '${CALLER_METADATA}')))
      ELSE '{}'::jsonb END`;

/** The agent that has taken the session over for good, as it last did: it is the one that hands the session on. */
const HOLDER = `(SELECT r.answered_by FROM handoff_requests r
      WHERE r.session_id = moved.id AND r.request_type = 'full_handoff' AND r.status IN ('accepted', 'completed') AND r.answered_by IS NOT NULL
      ORDER BY r.answered_at DESC LIMIT 1)`;

/**
 * Records a handoff: the session's new agent and state, the request, and the system entry, in one statement. A retention rule for
 * its request type that fits decides the policy from then on.
 *
 * It writes only if the session is still as `readHandoffState` saw it (same last entry, same dormancy, still active), so that
 * the package describes exactly the state at the handoff. The request is pending, and delivered: with this statement its target can
 * read it. No row means that the session has changed: read it again.
 *
 * $1 session id, $2 expected counter, $3 expected last entry number, $4 expected dormancy, $5 target agent,
 * $6 request type, $7 request data, $8 content and $9 metadata of the system entry, $10 time of the request (ISO),
 * $11 traceparent of the call or NULL.
 */
export const writeHandoff: Statement = {
  name: 'handoff_write_handoff',
  text: `
WITH chosen AS (
  SELECT r.id AS rule, p.name, p.active_session_ttl_hours AS ttl_hours, p.dormant_threshold_hours AS dormant_hours, s.retention_policy AS former
  FROM sessions s, retention_rules r JOIN retention_policies p ON p.name = r.policy
  WHERE s.id = $1::uuid AND r.request_type = $6::text AND (r.agent IS NULL OR r.agent = s.agent_from) AND (r.metadata IS NULL OR s.metadata @> r.metadata)
  ORDER BY r.position, r.id LIMIT 1
), moved AS (
  UPDATE sessions SET
    retention_policy = COALESCE((SELECT name FROM chosen), retention_policy),
    ttl_hours = CASE WHEN ttl_hours IS NOT NULL THEN COALESCE((SELECT chosen.ttl_hours FROM chosen), ttl_hours) END,
    expires_at = CASE WHEN ttl_hours IS NOT NULL AND expires_at IS NOT NULL
      THEN LEAST(expires_at, now() + (SELECT make_interval(secs => chosen.ttl_hours * 3600) FROM chosen)) ELSE expires_at END,
    dormancy_check_at = LEAST(dormancy_check_at, now() + (SELECT make_interval(secs => dormant_hours * 3600) FROM chosen)),
    agent_to = $5::text,
    status = CASE WHEN $6::text = 'full_handoff' THEN 'completed' ELSE status END,
    last_activity_at = now(),
    is_dormant = false,
    metadata = COALESCE(metadata, '{}'::jsonb) || ${CALLERS_KEYS} || jsonb_build_object('lastHandoffRequest', $10::text, 'requestType', $6::text, 'targetAgent', $5::text),
    last_sequence_number = 1 + GREATEST(last_sequence_number, $3::int)
  WHERE id = $1::uuid AND last_sequence_number = $2::int AND COALESCE(is_dormant, false) = $4::boolean
    AND status = 'active' AND archived_at IS NULL
  RETURNING id, agent_from, status, last_sequence_number
), entry AS (
  INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes)
  SELECT id, last_sequence_number, 'system', $8::text, $9::jsonb, octet_length($8::text) FROM moved
), assignment AS (
  INSERT INTO retention_changes (changed_by, subject, subject_id, before, after)
  SELECT 'rule ' || chosen.rule, 'assignment', moved.id::text, jsonb_build_object('policy', chosen.former), jsonb_build_object('policy', chosen.name)
  FROM chosen, moved WHERE chosen.name IS DISTINCT FROM chosen.former
), request AS (
  INSERT INTO handoff_requests (session_id, requesting_agent, target_agent, request_type, request_data, status, delivered_at)
  SELECT moved.id, COALESCE(${HOLDER}, moved.agent_from), $5::text, $6::text, $7::jsonb, 'pending', now()
  FROM moved
  RETURNING id, requesting_agent
), events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT moved.id, event.type, ${traced('event.data', '$11')}
  FROM moved, LATERAL (VALUES
    ('reactivated', '{"cause": "handoff_requested"}'::jsonb, $4::boolean),
    ('status_changed', jsonb_build_object('from', 'active', 'to', moved.status), moved.status <> 'active')
  ) AS event (type, data, happened)
  WHERE event.happened
)
SELECT moved.status, moved.last_sequence_number, request.id AS handoff_id, request.requesting_agent FROM moved, request`,
};

export interface WriteHandoffRow {
  readonly status: string;
  readonly last_sequence_number: number;
  readonly handoff_id: string;
  readonly requesting_agent: string;
}
