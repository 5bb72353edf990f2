import type { Statement } from '../../storage/database.js';
import type { ContextEntry, JsonObject } from '../types.js';

/**
 * Entries of a session in order, after a sequence number: as many as the page may hold by number and by bytes, and
 * always one if there is one. Neither measuring nor carrying a large content reads it, so what does not fit costs nothing.
 *
 * $1 session id, $2 after this number, $3 at most so many, $4 only this context type or NULL, $5 at most so many bytes
 * of content and metadata together.
 */
export const listEntries: Statement = {
  name: 'handoff_list_entries',
  text: `
SELECT id, session_id, sequence_number, context_type, content, metadata, created_at, processing_time_ms, content_size_bytes, found
FROM (
  SELECT candidate.*,
    row_number() OVER so_far AS place,
    sum(octet_length(content) + COALESCE(octet_length(metadata::text), 0)) OVER so_far AS bytes,
    (count(*) OVER ())::int AS found
  FROM (
    SELECT * FROM context_history
    WHERE session_id = $1::uuid AND sequence_number > $2::int AND ($4::text IS NULL OR context_type = $4)
    ORDER BY sequence_number
    LIMIT $3::int + 1
  ) candidate
  WINDOW so_far AS (ORDER BY sequence_number ROWS UNBOUNDED PRECEDING)
) page
WHERE place <= $3::int AND (place = 1 OR bytes <= $5::bigint)
ORDER BY sequence_number`,
};

export interface EntryRow {
  /** Entries there are from here, counted up to one more than the page may hold. */
  readonly found: number;
  readonly id: string;
  readonly session_id: string;
  readonly sequence_number: number;
  readonly context_type: string;
  readonly content: string;
  readonly metadata: JsonObject | null;
  readonly created_at: Date;
  readonly processing_time_ms: number | null;
  readonly content_size_bytes: number | null;
}

export function toEntry(row: EntryRow): ContextEntry {
  return {
    id: row.id,
    sessionId: row.session_id,
    sequenceNumber: row.sequence_number,
    contextType: row.context_type,
    content: row.content,
    metadata: row.metadata ?? {},
    createdAt: row.created_at,
    processingTimeMs: row.processing_time_ms,
    contentSizeBytes: row.content_size_bytes,
  };
}
