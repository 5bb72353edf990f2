import type { Statement } from '../../storage/database.js';
import { utcText } from '../../storage/utcText.js';
import type { PlacedRow } from '../sharing/sharedCall.js';
import { SESSION_COLUMNS } from './sessionRow.js';
import type { SessionRow } from './sessionRow.js';
import { OUTER_MESSAGES, PAST_AGENTS, SUMMARY_FACTS } from './summaryFacts.js';
import type { SummaryFactsRow } from './summaryFacts.js';

/** A column as JSON. Quicker than rows as JSON, for which PostgreSQL looks up the type of each column in each row. */
const JSON_OF = (column: string): string => `COALESCE(to_json(${column})::text, 'null')`;

/** One entry as a JSON object. One that named no writer has no `agent`. */
const ENTRY = [
  `'{"id":"' || h.id || '","sessionId":"' || h.session_id || '","sequenceNumber":' || h.sequence_number`,
  `',"contextType":' || ${JSON_OF('h.context_type')} || ',"content":' || ${JSON_OF('h.content')}`,
  `',"metadata":' || COALESCE(h.metadata::text, 'null') || ',"createdAt":' || COALESCE('"' || ${utcText('h.created_at')} || '"', 'null')`,
  `',"processingTimeMs":' || ${JSON_OF('h.processing_time_ms')} || ',"contentSizeBytes":' || COALESCE(h.content_size_bytes::text, 'null')`,
  `COALESCE(',"agent":' || to_json(h.agent)::text, '') || '}'`,
].join(' || ');

/**
 * A number for the state of one entry: any change makes another one, since every version of a row has the transaction that wrote it. Those
 * of several entries are joined by XOR, in any order.
 */
const ENTRY_MARK = 'COALESCE(bit_xor(uuid_hash_extended(h.id, h.xmin::text::bigint)), 0)::text';

/** What `selectState` has to be told, each as SQL. */
interface StateParts {
  /** Where session `s` comes from. */
  readonly from: string;
  /** Further columns. */
  readonly columns?: string;
  readonly maxBytes: string;
  /** Number of the entry after which facts and history begin, or NULL. */
  readonly after: string;
  readonly rest?: string;
}

/**
 * Selects a session with the facts of its history and, unless it is too large, the history itself as JSON text. The text goes
 * into the handoff package unchanged: the server never parses what it only passes on. Too large means more than `maxBytes` of
 * content and stored metadata, or four times that as JSON, which compressed metadata can expand to.
 *
 * Making the text takes most of the time. So whoever has the text up to an entry asks for those after it only; `before_mark` then tells
 * whether the entries up to there are still the same.
 */
function selectState({ from, columns = '', maxBytes, after, rest = '' }: StateParts): string {
  // Lower than the number of any entry where `after` is NULL.
  const isAfter = `h.sequence_number > (SELECT COALESCE(${after}, -2147483648))`;
  return `
SELECT ${columns}${SESSION_COLUMNS.split(', ')
    .map((column) => `s.${column}`)
    .join(', ')}, s.last_sequence_number, before.before_mark, facts.*, ${OUTER_MESSAGES}, ${PAST_AGENTS},
  CASE WHEN octet_length(history.entries) <= 4 * ${maxBytes} THEN history.entries END AS entries
FROM ${from},
LATERAL (
  SELECT ${ENTRY_MARK} AS before_mark FROM context_history h WHERE h.session_id = s.id AND h.sequence_number <= (SELECT ${after})
) before,
LATERAL (
  SELECT ${SUMMARY_FACTS},
    COALESCE(sum(COALESCE(h.content_size_bytes, octet_length(h.content))), 0)::float8 AS content_bytes,
    COALESCE(sum(pg_column_size(h.metadata)), 0)::float8 AS metadata_bytes,
    ${ENTRY_MARK} AS mark
  FROM context_history h WHERE h.session_id = s.id AND ${isAfter}
) facts,
LATERAL (
  SELECT '[' || string_agg(${ENTRY}, ',' ORDER BY h.sequence_number) || ']' AS entries
  FROM context_history h
  WHERE h.session_id = s.id AND ${isAfter} AND facts.content_bytes + facts.metadata_bytes <= ${maxBytes}
  -- Without this PostgreSQL makes the text twice, once to measure it.
  OFFSET 0
) history
${rest}`;
}

/**
 * Reads one session, as `selectState` says. Its `after` is in a subquery, because PostgreSQL would otherwise see how few entries follow and
 * plan each execution anew for them, which takes longer than reading them.
 *
 * $1 session key, $2 maximum size of the included history in bytes, $3 number of the entry after which facts and history begin, or NULL.
 */
export const readHandoffState: Statement = {
  name: 'handoff_read_handoff_state',
  text: selectState({ from: 'sessions s', maxBytes: '$2::float8', after: '$3::int', rest: 'WHERE s.session_key = $1' }),
};

/**
 * Reads several sessions, each as `readHandoffState` does. An unknown one gives no row.
 *
 * The parameters are in subqueries, because PostgreSQL would otherwise plan each execution anew for the number of calls. OFFSET has it look
 * up each session by its key, however few it believes there are.
 *
 * Parallel arrays, by call: $1 session keys, $2 maximum sizes, $3 numbers of the entries after which facts and history begin.
 */
export const readHandoffStates: Statement = {
  name: 'handoff_read_handoff_states',
  text: selectState({
    columns: 'call.place::int, ',
    from: `unnest((SELECT $1::text[]), (SELECT $2::float8[]), (SELECT $3::int[])) WITH ORDINALITY AS call (session_key, max_bytes, after, place),
LATERAL (SELECT * FROM sessions WHERE session_key = call.session_key OFFSET 0) s`,
    maxBytes: 'call.max_bytes',
    after: 'call.after',
  }),
};

export interface HandoffStateRow extends SessionRow, SummaryFactsRow {
  readonly last_sequence_number: number;
  /** JSON array, or NULL when the history exceeds the maximum size. */
  readonly entries: string | null;
  readonly content_bytes: number;
  readonly metadata_bytes: number;
  /** A number of 64 bits for all entries after the given one; another one when any of them was changed, added or removed. */
  readonly mark: string;
  /** The same for the entries up to the given one. */
  readonly before_mark: string;
}

export type HandoffStatesRow = HandoffStateRow & PlacedRow;
