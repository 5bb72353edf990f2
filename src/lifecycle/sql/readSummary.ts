import type { Statement } from '../../storage/database.js';
import { SESSION_COLUMNS } from './sessionRow.js';
import type { SessionRow } from './sessionRow.js';
import { OUTER_MESSAGES, SUMMARY_FACTS } from './summaryFacts.js';
import type { SummaryFactsRow } from './summaryFacts.js';

/** A session and the facts of its history. $1 session key. */
export const readSummary: Statement = {
  name: 'handoff_read_summary',
  text: `
SELECT ${SESSION_COLUMNS.split(', ').map((column) => `s.${column}`).join(', ')}, facts.*, ${OUTER_MESSAGES}
FROM sessions s, LATERAL (SELECT ${SUMMARY_FACTS} FROM context_history h WHERE h.session_id = s.id) facts
WHERE s.session_key = $1`,
};

export interface SummaryRow extends SessionRow, SummaryFactsRow {}
