import type { Statement } from '../../storage/database.js';
import { SESSION_COLUMNS } from './sessionRow.js';
import type { SessionRow } from './sessionRow.js';
import { OUTER_MESSAGES, PAST_AGENTS, SUMMARY_FACTS } from './summaryFacts.js';
import type { SummaryFactsRow } from './summaryFacts.js';

const ISO = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** A column as JSON. Quicker than rows as JSON, for which PostgreSQL looks up the type of each column in each row. */
const JSON_OF = (column: string): string => `COALESCE(to_json(${column})::text, 'null')`;

/** One entry as a JSON object. One that named no writer has no `agent`. */
const ENTRY = [
  `'{"id":"' || h.id || '","sessionId":"' || h.session_id || '","sequenceNumber":' || h.sequence_number`,
  `',"contextType":' || ${JSON_OF('h.context_type')} || ',"content":' || ${JSON_OF('h.content')}`,
  `',"metadata":' || COALESCE(h.metadata::text, 'null') || ',"createdAt":' || COALESCE('"' || ${ISO('h.created_at')} || '"', 'null')`,
  `',"processingTimeMs":' || ${JSON_OF('h.processing_time_ms')} || ',"contentSizeBytes":' || COALESCE(h.content_size_bytes::text, 'null')`,
  `COALESCE(',"agent":' || to_json(h.agent)::text, '') || '}'`,
].join(' || ');

/**
 * A number for the state of one entry: any change makes another one, since every version of a row has the transaction that wrote it. Those
 * of several entries are joined by XOR, in any order.
 */
const ENTRY_MARK = 'COALESCE(bit_xor(uuid_hash_extended(h.id, h.xmin::text::bigint)), 0)::text';

/**
 * Lower than the number of any entry where $3 is NULL. In a subquery, because PostgreSQL would otherwise see how few entries follow and
 * plan each execution anew for them, which takes longer than reading them.
 */
const AFTER = 'h.sequence_number > (SELECT COALESCE($3::int, -2147483648))';

/**
 * Selects a session with the facts of its history and, unless it is too large, the history itself as JSON text. The text goes
 * into the handoff package unchanged: the server never parses what it only passes on. Too large means more than $2 bytes of
 * content and stored metadata, or four times that as JSON, which compressed metadata can expand to.
 *
 * Making the text takes most of the time. So whoever has the text up to an entry asks for those after it only; `before_mark` then tells
 * whether the entries up to there are still the same.
 *
 * $1 session key, $2 maximum size of the included history in bytes, $3 number of the entry after which facts and history begin, or NULL.
 */
export const readHandoffState: Statement = {
  name: 'handoff_read_handoff_state',
  text: `
SELECT ${SESSION_COLUMNS.split(', ')
    .map((column) => `s.${column}`)
    .join(', ')}, s.last_sequence_number, before.before_mark, facts.*, ${OUTER_MESSAGES}, ${PAST_AGENTS},
  CASE WHEN octet_length(history.entries) <= 4 * $2::float8 THEN history.entries END AS entries
FROM sessions s,
LATERAL (
  SELECT ${ENTRY_MARK} AS before_mark FROM context_history h WHERE h.session_id = s.id AND h.sequence_number <= (SELECT $3::int)
) before,
LATERAL (
  SELECT ${SUMMARY_FACTS},
    COALESCE(sum(COALESCE(h.content_size_bytes, octet_length(h.content))), 0)::float8 AS content_bytes,
    COALESCE(sum(pg_column_size(h.metadata)), 0)::float8 AS metadata_bytes,
    ${ENTRY_MARK} AS mark
  FROM context_history h WHERE h.session_id = s.id AND ${AFTER}
) facts,
LATERAL (
  SELECT '[' || string_agg(${ENTRY}, ',' ORDER BY h.sequence_number) || ']' AS entries
  FROM context_history h
  WHERE h.session_id = s.id AND ${AFTER} AND facts.content_bytes + facts.metadata_bytes <= $2::float8
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
  readonly metadata_bytes: number;
  /** A number of 64 bits for all entries after $3; another one when any of them was changed, added or removed. */
  readonly mark: string;
  /** The same for the entries up to $3. */
  readonly before_mark: string;
}
