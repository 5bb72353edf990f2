import type { Statement } from '../../storage/database.js';
import { ARCHIVE_COLUMNS, ARCHIVE_JOIN } from './archivedFacts.js';
import type { ArchivedColumns } from './archivedFacts.js';
import { PLAIN_COLUMNS } from './sessionRow.js';
import type { BoundedSessionRow } from './sessionRow.js';
import { OUTER_MESSAGES, PAST_AGENTS, SUMMARY_FACTS } from './summaryFacts.js';
import type { SummaryFactsRow } from './summaryFacts.js';

/**
 * Selects a session and the facts of its history; of one whose history is in the archive, where it is and what was noted of it.
 *
 * $1 session key, $2 maximum size of the session's metadata to read, in bytes: PostgreSQL prints some numbers a hundred times as long
 * as they were written.
 */
export const readSummary: Statement = {
  name: 'handoff_read_summary',
  text: `
SELECT ${PLAIN_COLUMNS.map((column) => `s.${column}`).join(', ')}, facts.*, ${OUTER_MESSAGES}, ${PAST_AGENTS}, ${ARCHIVE_COLUMNS},
  CASE WHEN own.metadata_bytes <= $2::bigint THEN s.metadata END AS metadata, own.metadata_bytes > $2::bigint AS metadata_left_out
FROM sessions s ${ARCHIVE_JOIN}, LATERAL (SELECT COALESCE(octet_length(s.metadata::text), 0) AS metadata_bytes) own,
LATERAL (SELECT ${SUMMARY_FACTS} FROM context_history h WHERE h.session_id = s.id) facts
WHERE s.session_key = $1`,
};

export interface SummaryRow extends BoundedSessionRow, SummaryFactsRow, ArchivedColumns {}
