import type { Statement } from '../../storage/database.js';
import { CALLER_METADATA } from '../callersKeys.js';

/**
 * The registering agent's values for keys that a handoff writes. Kept only at the first handoff: after that they are ours.
 */
const CALLERS_KEYS = `CASE WHEN agent_to IS NULL AND metadata ?| array['lastHandoffRequest', 'requestType', 'targetAgent'] THEN
      jsonb_build_object('${CALLER_METADATA}', (SELECT jsonb_object_agg(key, value) FROM jsonb_each(metadata) WHERE key IN ('lastHandoffRequest', 'requestType', 'targetAgent', '${CALLER_METADATA}')))
      ELSE '{}'::jsonb END`;

/**
 * Records a handoff: the session's new agent and state, the request, and the system entry, in one statement.
 *
 * It writes only if the session is still as `readHandoffState` saw it (same last entry, same dormancy, still active), so that
 * the package describes exactly the state at the handoff. No row means that the session has changed: read it again.
 *
 * $1 session id, $2 expected counter, $3 expected last entry number, $4 expected dormancy, $5 target agent,
 * $6 request type, $7 request data, $8 content and $9 metadata of the system entry, $10 time of the request (ISO),
 * $11 traceparent of the call or NULL.
 */
export const writeHandoff: Statement = {
  name: 'handoff_write_handoff',
  text: `
WITH moved AS (
  UPDATE sessions SET
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
), request AS (
  INSERT INTO handoff_requests (session_id, requesting_agent, target_agent, request_type, request_data, status, completed_at)
  SELECT id, agent_from, $5::text, $6::text, $7::jsonb,
    CASE WHEN $6::text = 'full_handoff' THEN 'completed' ELSE 'pending' END,
    CASE WHEN $6::text = 'full_handoff' THEN now() END
  FROM moved
), events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT moved.id, event.type, event.data || jsonb_strip_nulls(jsonb_build_object('traceparent', $11::text))
  FROM moved, LATERAL (VALUES
    ('reactivated', '{"cause": "handoff_requested"}'::jsonb, $4::boolean),
    ('status_changed', jsonb_build_object('from', 'active', 'to', moved.status), moved.status <> 'active')
  ) AS event (type, data, happened)
  WHERE event.happened
)
SELECT status, last_sequence_number FROM moved`,
};

export interface WriteHandoffRow {
  readonly status: string;
  readonly last_sequence_number: number;
}
