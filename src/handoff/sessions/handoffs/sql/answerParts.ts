import { traced } from '../../../storage/tracedEvent.js';
import { notingInboxUse } from './inboxUse.js';

/**
 * The beginning of every answer to a handoff: `before` is the session, `request` the handoff, both locked, in this order, as
 * every other writer locks them. Callers of one session queue here, so that each sees what the one before it did.
 *
 * Without an id it is the newest handoff of the session to this agent, whatever its state, so that a call that is repeated finds
 * what it did and never answers another one.
 *
 * $1 session key, $2 answering agent, $3 handoff id or NULL, $4 traceparent of the call or NULL.
 */
export const LOCKED_HANDOFF = `
WITH before AS (
  SELECT id, session_key, status, is_dormant, archived_at, expires_at, ttl_hours FROM sessions WHERE session_key = $1 FOR UPDATE
), request AS (
  SELECT r.* FROM before, handoff_requests r
  WHERE r.session_id = before.id AND CASE WHEN $3::uuid IS NULL THEN r.target_agent = $2 ELSE r.id = $3::uuid END
  ORDER BY r.created_at DESC, r.id DESC
  LIMIT 1
  FOR UPDATE OF r
), ${notingInboxUse('$2', 'EXISTS (SELECT FROM request WHERE request.target_agent = $2)')}`;

/** The end of every answer: one row if the session exists. `changed` says whether this statement gave the answer. */
export function answerRow(sessionStatus: string): string {
  return `
SELECT before.id AS session_id, before.session_key, ${sessionStatus} AS session_status,
  before.status AS status_before, before.is_dormant AS was_dormant, request.id AS handoff_id,
  request.requesting_agent, request.target_agent, request.request_type, request.created_at, request.delivered_at,
  answered.id IS NOT NULL AS changed,
  CASE WHEN answered.id IS NULL THEN request.status ELSE answered.status END AS status,
  CASE WHEN answered.id IS NULL THEN request.answered_at ELSE answered.answered_at END AS answered_at,
  CASE WHEN answered.id IS NULL THEN request.completed_at ELSE answered.completed_at END AS completed_at,
  CASE WHEN answered.id IS NULL THEN request.answer ELSE answered.answer END AS answer,
  extract(epoch FROM now() - request.created_at)::float8 AS age_s
FROM before LEFT JOIN request ON true LEFT JOIN answered ON true`;
}

/**
 * CTE `events`: lifecycle events of the session, each as SQL for its type, its data and whether it happened. `from` starts with
 * `answered`.
 */
export function writingEvents(from: string, events: readonly string[]): string {
  return `events AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT answered.session_id, event.type, ${traced('event.data', '$4')}
  FROM ${from}, LATERAL (VALUES
    ${events.join(',\n    ')}
  ) AS event (type, data, happened)
  WHERE event.happened
)`;
}

/** The session's state as readers see it; `before` is the session. */
export const STATUS_BEFORE = "CASE WHEN before.archived_at IS NULL THEN before.status ELSE 'archived' END";

/** A lifecycle event that names the handoff, for `writingEvents`. */
export function handoffEvent(type: string): string {
  return `('${type}', jsonb_build_object('handoff_id', answered.id, 'agent', answered.target_agent, 'request_type', answered.request_type), true)`;
}

export interface AnswerRow {
  readonly session_id: string;
  readonly session_key: string;
  readonly session_status: string;
  readonly status_before: string;
  readonly was_dormant: boolean | null;
  /** NULL where the session has no such handoff. */
  readonly handoff_id: string | null;
  readonly requesting_agent: string;
  readonly target_agent: string | null;
  readonly request_type: string;
  readonly created_at: Date;
  readonly delivered_at: Date | null;
  readonly changed: boolean;
  readonly status: string;
  readonly answered_at: Date | null;
  readonly completed_at: Date | null;
  readonly answer: Readonly<Record<string, unknown>> | null;
  /** Seconds since the handoff was requested. */
  readonly age_s: number;
}
