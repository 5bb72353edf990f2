import type { Statement } from '../../../storage/database.js';

/** Sessions in the archive whose entries are counted nowhere, in the order of their ids. $1 after this id, $2 maximum number. */
export const listUncounted: Statement = {
  name: 'handoff_archives_uncounted',
  text: `
SELECT a.session_id FROM session_archives a
WHERE a.session_id > $1::uuid AND a.entry_count + a.handoff_count > 0 AND NOT EXISTS (SELECT FROM analytics_facts f WHERE f.session_id = a.session_id)
ORDER BY a.session_id LIMIT $2::int`,
};

/** Locks a session that is still archived in the same object, and whose facts are not there yet. $1 session id, $2 object key. */
export const lockUncounted: Statement = {
  name: 'handoff_archive_lock_uncounted',
  text: `
SELECT a.session_id FROM sessions s JOIN session_archives a ON a.session_id = s.id
WHERE s.id = $1::uuid AND a.object_key = $2 AND NOT EXISTS (SELECT FROM analytics_facts f WHERE f.session_id = s.id)
FOR UPDATE OF s`,
};

const KEEP = `
), kept AS (
  INSERT INTO analytics_facts (kind, at, session_id, measure, labels, slot, n, total, low, high)
  SELECT m.kind, date_trunc('minute', m.at, 'UTC'), $1::uuid, m.measure, m.labels, handoff_slot(m.value), count(*), sum(m.value), min(m.value), max(m.value)
  FROM measured m
  GROUP BY 1, 2, 3, 4, 5, 6
  RETURNING kind, at
)
INSERT INTO analytics_late_rows (kind, at) SELECT DISTINCT kind, at FROM kept`;

/** Counts archived entries; their sizes are given, and not their content. $1 session id, $2 JSON array of them. */
export const keepArchivedEntries: Statement = {
  name: 'handoff_archive_keep_entries',
  text: `
WITH measured AS (
  SELECT m.* FROM jsonb_to_recordset($2::jsonb) AS e (created_at timestamptz, context_type text, agent text, bytes integer, metadata jsonb),
    LATERAL handoff_entry_measures(e.created_at, e.context_type, e.agent, e.bytes, e.metadata) m${KEEP}`,
};

/** Counts archived handoffs. $1 session id, $2 JSON array of them. */
export const keepArchivedHandoffs: Statement = {
  name: 'handoff_archive_keep_handoffs',
  text: `
WITH measured AS (
  SELECT m.* FROM jsonb_to_recordset($2::jsonb) AS r (created_at timestamptz, answered_at timestamptz, completed_at timestamptz, status text,
      requesting_agent text, target_agent text, request_type text),
    LATERAL handoff_request_measures(r.created_at, COALESCE(r.answered_at, r.completed_at), r.status, r.requesting_agent, r.target_agent, r.request_type) m${KEEP}`,
};
