import type { Statement } from '../../storage/database.js';
import { shownMetadata } from '../callersKeys.js';
import type { ContextEntry, JsonObject } from '../types.js';
import { boundedMetadata, boundedPage } from './boundedPage.js';

const ENTRY_COLUMNS = 'id, session_id, sequence_number, context_type, created_at, processing_time_ms, content_size_bytes, agent';

/**
 * Selects the entries of a session in order, after a sequence number: as many as the page may hold by number and by bytes, and
 * at least one if there is any. Large content is neither read to be measured nor carried along, so what does not fit costs
 * nothing. Only the beginning of an entry larger than a page is read: a quarter as many characters as the page has bytes,
 * which always fit.
 *
 * $1 session id, $2 after this number, $3 maximum number of entries, $4 context type or NULL, $5 maximum bytes of
 * content and metadata together.
 */
export const listEntries: Statement = {
  name: 'handoff_list_entries',
  text: boundedPage({
    candidates: (after, limit) => `
      SELECT ${ENTRY_COLUMNS}, content, metadata, octet_length(content) AS content_bytes, COALESCE(octet_length(metadata::text), 0) AS metadata_bytes
      FROM context_history
      WHERE session_id = $1::uuid AND sequence_number > ${after === 'given' ? '$2::int' : 'before.sequence_number'} AND ($4::text IS NULL OR context_type = $4)
      ORDER BY sequence_number
      LIMIT ${limit}`,
    order: 'sequence_number',
    columns: `${ENTRY_COLUMNS},
  CASE WHEN content_bytes <= $5::bigint THEN content ELSE left(content, ($5::bigint / 4)::int) END AS content,
  CASE WHEN content_bytes > $5::bigint THEN char_length(content) END AS content_characters,
  ${boundedMetadata('$5')}`,
    maxRows: '$3',
    maxBytes: '$5',
  }),
};

export interface EntryRow {
  /** Entries measured for this page: more than it holds if entries remain. */
  readonly found: number;
  readonly id: string;
  readonly session_id: string;
  readonly sequence_number: number;
  readonly context_type: string;
  readonly content: string;
  /** Length of the whole content if only its beginning was read. */
  readonly content_characters: number | null;
  readonly metadata: JsonObject | null;
  readonly metadata_left_out: boolean;
  readonly created_at: Date;
  readonly processing_time_ms: number | null;
  readonly content_size_bytes: number | null;
  readonly agent: string | null;
}

export function toEntry(row: EntryRow): ContextEntry {
  const cut = {
    ...(row.content_characters === null
      ? {}
      : { content: { nextOffset: codePoints(row.content), totalCharacters: row.content_characters } }),
    ...(row.metadata_left_out ? { metadata: { nextOffset: 0 } } : {}),
  };
  return {
    id: row.id,
    sessionId: row.session_id,
    sequenceNumber: row.sequence_number,
    contextType: row.context_type,
    content: row.content,
    metadata: shownMetadata(row.metadata),
    createdAt: row.created_at,
    processingTimeMs: row.processing_time_ms,
    contentSizeBytes: row.content_size_bytes,
    ...(row.agent === null ? {} : { agent: row.agent }),
    ...(Object.keys(cut).length === 0 ? {} : { cut }),
  };
}

/** Counts characters as PostgreSQL does. */
function codePoints(text: string): number {
  let count = 0;
  for (const _character of text) count += 1;
  return count;
}
