import type { Statement } from '../../storage/database.js';
import { activeTtlHours, dormantThresholdHours } from '../../storage/policyHours.js';
import { traced } from '../../storage/tracedEvent.js';
import { utcText } from '../../storage/utcText.js';
import { SESSION_COLUMNS } from './sessionRow.js';
import type { SessionRow } from './sessionRow.js';
import { PROCESSING_MS } from './processingMs.js';

/**
 * Registers a session, its two lifecycle events and its first entry in one statement, or returns the session that
 * already has the key. No row at all means that another transaction took the key after this statement's snapshot (run it again to see
 * that row), or that the policy asked for does not exist.
 *
 * The policy is the one asked for, else that of the first rule that fits, else `standard`; the time to live is the policy's, but for a
 * session that got `standard` in want of anything else it is $4, where given.
 *
 * $1 session key, $2 agent, $3 metadata, $4 time to live in hours or NULL, $5 content and $6 metadata of the first entry,
 * $7 traceparent of the call or NULL, $8 retention policy asked for or NULL.
 */
export const insertSession: Statement = {
  name: 'handoff_insert_session',
  text: `
WITH wanted AS (
  SELECT COALESCE($8::text, (
    SELECT policy FROM retention_rules
    WHERE request_type IS NULL AND (agent IS NULL OR agent = $2) AND (metadata IS NULL OR $3::jsonb @> metadata)
    ORDER BY position, id LIMIT 1)) AS policy
), chosen AS (
  SELECT COALESCE(known.name, 'standard') AS policy,
    COALESCE(CASE WHEN wanted.policy IS NULL THEN $4::float8 END, ${activeTtlHours('known.name')}) AS ttl_hours,
    ${dormantThresholdHours('known.name')} AS dormant_hours
  FROM wanted LEFT JOIN retention_policies known ON known.name = COALESCE(wanted.policy, 'standard')
  WHERE known.name IS NOT NULL OR wanted.policy IS NULL
), inserted AS (
  INSERT INTO sessions (session_key, agent_from, metadata, retention_policy, ttl_hours, expires_at, dormancy_check_at, last_sequence_number)
  SELECT $1, $2, $3::jsonb, policy, ttl_hours, now() + make_interval(secs => ttl_hours * 3600),
    now() + make_interval(secs => dormant_hours * 3600), 1
  FROM chosen
  ON CONFLICT (session_key) DO NOTHING
  RETURNING ${SESSION_COLUMNS}
), events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT inserted.id, event.type, event.data
  FROM inserted, LATERAL (VALUES
    ('created', ${traced("jsonb_build_object('agent_from', inserted.agent_from)", '$7')}),
    ('expiration_scheduled', jsonb_build_object('expires_at', ${utcText('inserted.expires_at')},
      'retention_policy', inserted.retention_policy, 'ttl_hours', inserted.ttl_hours))
  ) AS event (type, data)
), first_entry AS (
  INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes, processing_time_ms)
  SELECT id, 1, 'system', $5, $6::jsonb, octet_length($5), ${PROCESSING_MS} FROM inserted
)
SELECT ${SESSION_COLUMNS}, true AS created FROM inserted
UNION ALL
SELECT ${SESSION_COLUMNS}, false AS created FROM sessions
WHERE session_key = $1 AND NOT EXISTS (SELECT FROM inserted)`,
};

export interface InsertSessionRow extends SessionRow {
  readonly created: boolean;
}
