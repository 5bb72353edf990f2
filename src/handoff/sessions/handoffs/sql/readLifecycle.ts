import type { Statement } from '../../../storage/database.js';

/** Handoffs shown with a session: the newest, since a session has few. */
const MAX_HANDOFFS = 50;

/**
 * Selects where a session stands: its times, its policy as it is now, a legal hold, its archive, and its newest handoffs without
 * their data. An unknown policy counts as `standard`. A session expires at the later of its time of expiry and the end of its
 * time to live since the last activity; one whose time was set by hand has no time to live, and that of one that has expired is over.
 *
 * $1 session key.
 */
export const readLifecycle: Statement = {
  name: 'handoff_read_lifecycle',
  text: `
SELECT s.id, s.session_key, s.agent_from, s.agent_to, s.status, COALESCE(s.is_dormant, false) AS is_dormant, s.created_at, s.updated_at,
  COALESCE(s.last_activity_at, s.updated_at) AS last_activity_at, s.archived_at,
  CASE WHEN s.expires_at IS NULL OR s.status = 'expired' THEN s.expires_at
    ELSE GREATEST(s.expires_at, s.last_activity_at + s.ttl_hours * interval '1 hour') END AS expires_at,
  s.archived_at + policy.archived_session_ttl_days * interval '1 day' AS purge_after,
  COALESCE(s.retention_policy, 'standard') AS retention_policy,
  policy.active_session_ttl_hours, policy.archived_session_ttl_days, policy.dormant_threshold_hours,
  hold.placed_at AS held_since,
  archive.written_at AS archive_written_at, archive.stored_bytes::float8 AS archive_bytes, archive.entry_count AS archive_entries,
  archive.handoff_count AS archive_handoffs,
  COALESCE(handoffs.newest, '[]'::jsonb) AS handoffs
FROM sessions s
LEFT JOIN session_holds hold ON hold.session_id = s.id
LEFT JOIN session_archives archive ON archive.session_id = s.id
LEFT JOIN LATERAL (
  SELECT p.* FROM retention_policies p WHERE p.name IN (s.retention_policy, 'standard') ORDER BY (p.name = s.retention_policy) DESC LIMIT 1
) policy ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(jsonb_build_object(
    'handoffId', r.id, 'requestingAgent', r.requesting_agent, 'targetAgent', r.target_agent, 'requestType', r.request_type,
    'status', r.status, 'createdAt', ${iso('r.created_at')}, 'deliveredAt', ${iso('r.delivered_at')},
    'answeredAt', ${iso('r.answered_at')}, 'completedAt', ${iso('r.completed_at')}) ORDER BY r.created_at DESC, r.id DESC) AS newest
  FROM (SELECT * FROM handoff_requests h WHERE h.session_id = s.id ORDER BY h.created_at DESC, h.id DESC LIMIT ${MAX_HANDOFFS}) r
) handoffs ON true
WHERE s.session_key = $1`,
};

function iso(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
}

export interface LifecycleRow {
  readonly id: string;
  readonly session_key: string;
  readonly agent_from: string;
  readonly agent_to: string | null;
  readonly status: string;
  readonly is_dormant: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly last_activity_at: Date;
  readonly archived_at: Date | null;
  readonly expires_at: Date | null;
  readonly purge_after: Date | null;
  readonly retention_policy: string;
  readonly active_session_ttl_hours: number | null;
  readonly archived_session_ttl_days: number | null;
  readonly dormant_threshold_hours: number | null;
  readonly held_since: Date | null;
  readonly archive_written_at: Date | null;
  readonly archive_bytes: number | null;
  readonly archive_entries: number | null;
  readonly archive_handoffs: number | null;
  readonly handoffs: readonly SessionHandoff[];
}

/** A handoff as a session's lifecycle lists it; the times are ISO 8601 texts. */
export interface SessionHandoff {
  readonly handoffId: string;
  readonly requestingAgent: string;
  readonly targetAgent: string | null;
  readonly requestType: string;
  readonly status: string;
  readonly createdAt: string;
  readonly deliveredAt: string | null;
  readonly answeredAt: string | null;
  readonly completedAt: string | null;
}
