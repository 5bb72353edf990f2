import type { Statement } from '../../storage/database.js';
import { SESSION_COLUMNS } from './sessionRow.js';
import type { SessionRow } from './sessionRow.js';
import { OUTER_MESSAGES, PAST_AGENTS, SUMMARY_FACTS } from './summaryFacts.js';
import type { SummaryFactsRow } from './summaryFacts.js';

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const ENTRY_NAMES = [
  'id',
  '"sessionId"',
  '"sequenceNumber"',
  '"contextType"',
  'content',
  'metadata',
  '"createdAt"',
  '"processingTimeMs"',
  '"contentSizeBytes"',
]
  .map((name) => `entry.${name}`)
  .join(', ');

/** Entries small enough to pack. One without a writer has no `agent`; checking each is expensive, so all are checked at once first. */
function history(agent: string): string {
  return `
    SELECT h.id, h.session_id AS "sessionId", h.sequence_number AS "sequenceNumber", h.context_type AS "contextType", h.content, h.metadata,
      ${ISO('h.created_at')} AS "createdAt", h.processing_time_ms AS "processingTimeMs", h.content_size_bytes AS "contentSizeBytes"${agent}
    FROM context_history h WHERE h.session_id = s.id AND facts.content_bytes + facts.metadata_bytes <= $2::float8`;
}

/**
 * Selects a session with the facts of its history and, unless it is too large, the history itself as JSON text. The text goes
 * into the handoff package unchanged: the server never parses what it only passes on. Too large means more than $2 bytes of
 * content and stored metadata, or four times that as JSON, which compressed metadata can expand to.
 *
 * $1 session key, $2 maximum size of the included history in bytes.
 */
export const readHandoffState: Statement = {
  name: 'handoff_read_handoff_state',
  text: `
SELECT ${SESSION_COLUMNS.split(', ')
    .map((column) => `s.${column}`)
    .join(', ')}, s.last_sequence_number, facts.*, ${OUTER_MESSAGES}, ${PAST_AGENTS},
  CASE WHEN octet_length(history.entries) <= 4 * $2::float8 THEN history.entries END AS entries
FROM sessions s,
LATERAL (
  SELECT ${SUMMARY_FACTS},
    COALESCE(sum(COALESCE(h.content_size_bytes, octet_length(h.content))), 0)::float8 AS content_bytes,
    COALESCE(sum(pg_column_size(h.metadata)), 0)::float8 AS metadata_bytes
  FROM context_history h WHERE h.session_id = s.id
) facts,
LATERAL (
  SELECT COALESCE(
    (SELECT json_agg(entry)::text FROM (${history('')} AND facts.authors IS NULL ORDER BY h.sequence_number) entry),
    (SELECT json_agg(CASE WHEN entry.agent IS NULL THEN (SELECT row_to_json(plain) FROM (SELECT ${ENTRY_NAMES}) plain) ELSE row_to_json(entry) END)::text
      FROM (${history(', h.agent')} AND facts.authors IS NOT NULL ORDER BY h.sequence_number) entry)
  ) AS entries
  -- Without this PostgreSQL makes the text twice, once to measure it.
  OFFSET 0
) history
WHERE s.session_key = $1`,
};

export interface HandoffStateRow extends SessionRow, SummaryFactsRow {
  readonly last_sequence_number: number;
  /** JSON array, or NULL when the history exceeds the maximum size. */
  readonly entries: string | null;
  readonly content_bytes: number;
}
