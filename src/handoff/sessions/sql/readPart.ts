import type { Statement } from '../../storage/database.js';
import { ARCHIVE_COLUMNS, ARCHIVE_JOIN } from './archivedFacts.js';
import type { ArchivedColumns } from './archivedFacts.js';

/**
 * Selects a range of one text of a session. Gives no row for an unknown session; `characters` is NULL for an unknown entry.
 *
 * $1 session key, $2 part, $3 number of the entry or NULL, $4 characters to skip, $5 maximum number of characters.
 */
export const readPart: Statement = {
  name: 'handoff_read_part',
  text: `
SELECT s.id AS session_id, char_length(part.whole) AS characters, substr(part.whole, $4::int + 1, $5::int) AS text, ${ARCHIVE_COLUMNS}
FROM sessions s ${ARCHIVE_JOIN}
LEFT JOIN context_history h ON h.session_id = s.id AND h.sequence_number = $3::int,
LATERAL (SELECT CASE $2::text WHEN 'content' THEN h.content WHEN 'metadata' THEN h.metadata::text ELSE s.metadata::text END AS whole) part
WHERE s.session_key = $1`,
};

export interface PartRow extends ArchivedColumns {
  readonly session_id: string;
  readonly characters: number | null;
  readonly text: string | null;
}
