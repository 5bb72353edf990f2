import type { Statement } from '../../storage/database.js';
import { traced } from '../../storage/tracedEvent.js';
import { CALLER_METADATA } from '../callersKeys.js';
import type { PlacedRow } from '../sharing/sharedCall.js';
import { PROCESSING_MS } from './processingMs.js';

/** What `shownMetadata` makes of them: the earlier server stored also what is no object, to which no key can be added. */
const METADATA = `CASE WHEN jsonb_typeof(s.metadata) = 'object' THEN s.metadata
      WHEN jsonb_typeof(s.metadata) <> 'null' THEN jsonb_build_object('${CALLER_METADATA}', s.metadata)
      ELSE '{}'::jsonb END`;

/**
 * The registering agent's values for keys that a handoff writes. Kept only at the first handoff: after that they are ours.
 */
const CALLERS_KEYS = `CASE WHEN s.agent_to IS NULL AND jsonb_typeof(s.metadata) = 'object' AND s.metadata ?| array['lastHandoffRequest', 'requestType', 'targetAgent'] THEN
      jsonb_build_object('${CALLER_METADATA}', (SELECT jsonb_object_agg(key, value) FROM jsonb_each(s.metadata) WHERE key IN ('lastHandoffRequest', 'requestType', 'targetAgent', '${CALLER_METADATA}')))
      ELSE '{}'::jsonb END`;

/** The agent that has taken the session over for good, as it last did: it is the one that hands the session on. */
const HOLDER = `(SELECT r.answered_by FROM handoff_requests r
      WHERE r.session_id = moved.id AND r.request_type = 'full_handoff' AND r.status IN ('accepted', 'completed') AND r.answered_by IS NOT NULL
      ORDER BY r.answered_at DESC LIMIT 1)`;

/** Of a handoff, with the names and types by which the statements know them, in the order of their parameters. */
const COLUMNS = [
  ['session_id', 'uuid'],
  ['counter', 'int'],
  ['last_entry_number', 'int'],
  ['was_dormant', 'boolean'],
  ['target_agent', 'text'],
  ['request_type', 'text'],
  ['request_data', 'text'],
  ['content', 'text'],
  ['metadata', 'text'],
  ['requested_at', 'text'],
  ['traceparent', 'text'],
] as const;

/** The parameters of `writeHandoff`. */
export type HandoffValues = readonly (string | number | boolean | null)[];

/**
 * Records handoffs: the session's new agent and state, the request, and the system entry, in one statement. A retention rule for
 * its request type that fits decides the policy from then on.
 *
 * It writes only if the session is still as `readHandoffState` saw it (same last entry, same dormancy, still active), so that
 * the package describes exactly the state at the handoff. The request is pending, and delivered: with this statement its target can
 * read it.
 *
 * @param given common table expressions with the handoffs as `call`, and with the `id` of the sessions to write to as `free`
 * @param select what is returned of `call`, `free`, `moved` and `request`
 */
function recordHandoffs(given: string, select: string): string {
  return `
WITH ${given}, chosen AS (
  SELECT call.place, rule.* FROM call, LATERAL (
    SELECT r.id AS rule, p.name, p.active_session_ttl_hours AS ttl_hours, p.dormant_threshold_hours AS dormant_hours, s.retention_policy AS former
    FROM sessions s, retention_rules r JOIN retention_policies p ON p.name = r.policy
    WHERE s.id = call.session_id AND r.request_type = call.request_type
      AND (r.agent IS NULL OR r.agent = s.agent_from) AND (r.metadata IS NULL OR s.metadata @> r.metadata)
    ORDER BY r.position, r.id LIMIT 1
  ) rule
), moved AS (
  UPDATE sessions s SET
    retention_policy = COALESCE(chosen.name, s.retention_policy),
    ttl_hours = CASE WHEN s.ttl_hours IS NOT NULL THEN COALESCE(chosen.ttl_hours, s.ttl_hours) END,
    expires_at = CASE WHEN s.ttl_hours IS NOT NULL AND s.expires_at IS NOT NULL
      THEN LEAST(s.expires_at, now() + make_interval(secs => chosen.ttl_hours * 3600)) ELSE s.expires_at END,
    dormancy_check_at = LEAST(s.dormancy_check_at, now() + make_interval(secs => chosen.dormant_hours * 3600)),
    agent_to = call.target_agent,
    status = CASE WHEN call.request_type = 'full_handoff' THEN 'completed' ELSE s.status END,
    last_activity_at = now(),
    is_dormant = false,
    metadata = ${METADATA} || ${CALLERS_KEYS}
      || jsonb_build_object('lastHandoffRequest', call.requested_at, 'requestType', call.request_type, 'targetAgent', call.target_agent),
    last_sequence_number = 1 + GREATEST(s.last_sequence_number, call.last_entry_number)
  FROM call JOIN free ON free.id = call.session_id LEFT JOIN chosen USING (place)
  WHERE s.id = call.session_id AND s.last_sequence_number = call.counter AND COALESCE(s.is_dormant, false) = call.was_dormant
    AND s.status = 'active' AND s.archived_at IS NULL
  RETURNING s.id, s.agent_from, s.status, s.last_sequence_number, call.*, chosen.rule, chosen.name AS policy, chosen.former AS former_policy
), entry AS (
  INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes, processing_time_ms)
  SELECT id, last_sequence_number, 'system', content, metadata::jsonb, octet_length(content), ${PROCESSING_MS} FROM moved
), assignment AS (
  INSERT INTO retention_changes (changed_by, subject, subject_id, before, after)
  SELECT 'rule ' || rule, 'assignment', id::text, jsonb_build_object('policy', former_policy), jsonb_build_object('policy', policy)
  FROM moved WHERE rule IS NOT NULL AND policy IS DISTINCT FROM former_policy
), request AS (
  INSERT INTO handoff_requests (session_id, requesting_agent, target_agent, request_type, request_data, status, delivered_at)
  SELECT moved.id, COALESCE(${HOLDER}, moved.agent_from), moved.target_agent, moved.request_type, moved.request_data::jsonb, 'pending', now()
  FROM moved
  RETURNING id, session_id, requesting_agent
), events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT moved.id, event.type, ${traced('event.data', 'moved.traceparent')}
  FROM moved, LATERAL (VALUES
    ('reactivated', '{"cause": "handoff_requested"}'::jsonb, moved.was_dormant),
    ('status_changed', jsonb_build_object('from', 'active', 'to', moved.status), moved.status <> 'active')
  ) AS event (type, data, happened)
  WHERE event.happened
)
${select}`;
}

const RESULT = 'moved.status, moved.last_sequence_number, request.id AS handoff_id, request.requesting_agent';

/**
 * Records one handoff. No row means that the session has changed: read it again.
 *
 * $1 session id, $2 expected counter, $3 expected last entry number, $4 expected dormancy, $5 target agent,
 * $6 request type, $7 request data, $8 content and $9 metadata of the system entry, $10 time of the request (ISO),
 * $11 traceparent of the call or NULL.
 */
export const writeHandoff: Statement = {
  name: 'handoff_write_handoff',
  text: recordHandoffs(
    `call AS (
  SELECT ${COLUMNS.map(([name, type], index) => `$${index + 1}::${type} AS ${name}`).join(', ')}, 1 AS place
), free AS (SELECT session_id AS id FROM call)`,
    `SELECT ${RESULT} FROM moved, request`,
  ),
};

/**
 * Records several handoffs of different sessions, each as `writeHandoff` does. It waits for no session that somebody else has locked: a
 * handoff of such a session gets a row with `is_locked`, without effect, and is sent by itself. One of them would otherwise hold up all
 * others. A session that has changed gives no row.
 *
 * Parallel arrays, by handoff, of what `writeHandoff` takes. They are in subqueries, because PostgreSQL would otherwise plan each execution
 * anew for their length.
 */
export const writeHandoffs: Statement = {
  name: 'handoff_write_handoffs',
  text: recordHandoffs(
    `call AS (
  SELECT * FROM unnest(${COLUMNS.map(([, type], index) => `(SELECT $${index + 1}::${type}[])`).join(', ')})
    WITH ORDINALITY AS call (${COLUMNS.map(([name]) => name).join(', ')}, place)
), free AS (
  SELECT s.id FROM call JOIN sessions s ON s.id = call.session_id FOR NO KEY UPDATE OF s SKIP LOCKED
)`,
    `SELECT call.place::int, free.id IS NULL AS is_locked, ${RESULT}
FROM call LEFT JOIN free ON free.id = call.session_id LEFT JOIN moved USING (place) LEFT JOIN request ON request.session_id = moved.id
WHERE free.id IS NULL OR moved.id IS NOT NULL`,
  ),
};

export interface WriteHandoffRow {
  readonly status: string;
  readonly last_sequence_number: number;
  readonly handoff_id: string;
  readonly requesting_agent: string;
}

export type WriteHandoffsRow = WriteHandoffRow & PlacedRow;
