import type { Statement } from '../../storage/database.js';
import { archivedTables } from './archivedTables.js';

const KNOWN = archivedTables
  .map(({ table, columns }) => `('${table}'::regclass, ARRAY['${Object.keys(columns).join("', '")}'])`)
  .join(', ');

/**
 * Selects a session's row for its archive, a number that changes with anything in it, and the columns of the archived tables
 * that this release does not know. $1 session id.
 */
export const readSessionToArchive: Statement = {
  name: 'handoff_archive_read_session',
  text: `
SELECT r.status, r.archived_at IS NOT NULL AS archived, hashtextextended(r::text, 0)::text AS hash, row_to_json(line)::text AS line,
  ARRAY(
    SELECT known.relation::text || '.' || a.attname
    FROM (VALUES ${KNOWN}) AS known (relation, columns)
    JOIN pg_attribute a ON a.attrelid = known.relation AND a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (known.columns)
    ORDER BY 1
  ) AS unknown_columns
FROM sessions r, LATERAL (
  SELECT r.id, r.session_key, r.agent_from, r.agent_to, r.status, r.created_at, r.updated_at, r.expires_at, r.metadata::text AS metadata,
    r.last_activity_at, r.is_dormant, r.archived_at, r.retention_policy, r.last_sequence_number, r.ttl_hours, r.dormancy_check_at
) line
WHERE r.id = $1::uuid`,
};

export interface SessionToArchive {
  readonly status: string;
  readonly archived: boolean;
  readonly hash: string;
  readonly line: string;
  readonly unknown_columns: readonly string[];
}

/** Selects the lifecycle events of a session, which also stay in the database. $1 session id. */
export const readEventsToArchive: Statement = {
  name: 'handoff_archive_read_events',
  text: `
SELECT row_to_json(line)::text AS line
FROM session_lifecycle r, LATERAL (SELECT r.id, r.session_id, r.event_type, r.event_data::text AS event_data, r.created_at) line
WHERE r.session_id = $1::uuid
ORDER BY r.created_at, r.id`,
};

export interface EventToArchive {
  readonly line: string;
}
