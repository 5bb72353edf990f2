import type { Statement } from '../../storage/database.js';
import { traced } from '../../storage/tracedEvent.js';
import { PROCESSING_MS } from './processingMs.js';

/**
 * Adds what an analysis found to a session, and counts it as activity, in one statement: the entry of the tool call, after it one
 * entry for each file, and a snapshot for each file.
 *
 * The session is locked and its entries are numbered as `insertEntry` does, but completed sessions are written to as well.
 * `codebase_snapshots.file_path` holds at most 500 characters: of a longer path the end, which tells files apart, after an
 * ellipsis; the whole one is in the entry and in the analysis. An unknown session gives no row; one that is archived or
 * expired gives a row whose `sequence_number` is NULL.
 *
 * $1 session key, $2 content and $3 metadata of the tool call's entry, $4 JSON array of files, each with `path`, `hash`,
 * `analysis`, and `content` and `metadata` of its entry, $5 traceparent of the call or NULL.
 */
export const insertAnalysis: Statement = {
  name: 'handoff_insert_analysis',
  text: `
WITH before AS (
  SELECT id, status, is_dormant, archived_at FROM sessions WHERE session_key = $1 FOR UPDATE
), files AS (
  SELECT ordinality::int AS number, path, hash, analysis, content, metadata
  FROM ROWS FROM (jsonb_to_recordset($4::jsonb) AS (path text, hash text, analysis jsonb, content text, metadata jsonb)) WITH ORDINALITY
    AS file (path, hash, analysis, content, metadata, ordinality)
), touched AS (
  UPDATE sessions SET
    last_activity_at = now(),
    is_dormant = false,
    last_sequence_number = 1 + (SELECT count(*)::int FROM files) + GREATEST(sessions.last_sequence_number, COALESCE(
      (SELECT max(h.sequence_number) FROM context_history h WHERE h.session_id = sessions.id), 0))
  FROM before
  WHERE sessions.id = before.id AND before.status IN ('active', 'completed', 'cancelled') AND before.archived_at IS NULL
  RETURNING sessions.id, sessions.last_sequence_number - (SELECT count(*)::int FROM files) AS first_number
), entries AS (
  INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, content_size_bytes, processing_time_ms)
  SELECT touched.id, touched.first_number + entry.number, entry.context_type, entry.content, entry.metadata, octet_length(entry.content),
    ${PROCESSING_MS}
  FROM touched, (
    SELECT 0 AS number, 'tool_call' AS context_type, $2::text AS content, $3::jsonb AS metadata
    UNION ALL SELECT number, 'file', content, metadata FROM files
  ) entry
), snapshots AS (
  INSERT INTO codebase_snapshots (session_id, file_path, content_hash, analysis_result)
  SELECT touched.id, CASE WHEN char_length(path) > 500 THEN '…' || right(path, 499) ELSE path END, hash, analysis FROM touched, files
), woken AS (
  INSERT INTO session_lifecycle (session_id, event_type, event_data)
  SELECT before.id, 'reactivated', ${traced(`'{"cause": "codebase_analyzed"}'::jsonb`, '$5')} FROM before, touched
  WHERE before.is_dormant AND before.status = 'active'
)
SELECT CASE WHEN before.archived_at IS NULL THEN before.status ELSE 'archived' END AS status, before.is_dormant AS was_dormant, touched.first_number AS sequence_number
FROM before LEFT JOIN touched ON true`,
};

export interface InsertAnalysisRow {
  readonly status: string;
  readonly was_dormant: boolean | null;
  /** Number of the tool call's entry. */
  readonly sequence_number: number | null;
}
