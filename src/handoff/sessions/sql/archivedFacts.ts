import type { ArchiveDescription } from '../../archive/sql/describedArchive.js';
import type { Statement } from '../../storage/database.js';
import { OUTER_MESSAGES, SUMMARY_FACTS } from './summaryFacts.js';
import type { SummaryFactsRow } from './summaryFacts.js';

/** Selects what a summary needs of a session's history, to be kept with its archive. $1 session id. */
export const readArchiveFacts: Statement = {
  name: 'handoff_read_archive_facts',
  text: `
SELECT row_to_json(line)::text AS facts
FROM sessions s,
LATERAL (SELECT ${SUMMARY_FACTS} FROM context_history h WHERE h.session_id = s.id) facts,
LATERAL (SELECT facts.*, ${OUTER_MESSAGES}) line
WHERE s.id = $1::uuid`,
};

/** Joins session `s` with its archive. One that was archived by an earlier server, or where it is, has none. */
export const ARCHIVE_JOIN = 'LEFT JOIN session_archives archive ON archive.session_id = s.id AND s.archived_at IS NOT NULL';

export const ARCHIVE_COLUMNS =
  'archive.object_key, archive.store, archive.location, archive.sha256, archive.stored_bytes::float8 AS stored_bytes, archive.facts AS archive_facts';

type Described = Pick<ArchiveDescription, 'object_key' | 'store' | 'location' | 'sha256' | 'stored_bytes'>;

/** The columns of `ARCHIVE_COLUMNS`. */
export type ArchivedColumns = { readonly [Name in keyof Described]: Described[Name] | null } & {
  readonly archive_facts: ArchivedFacts | null;
};

/** Facts as JSON; where the previous agents are, they have not moved. */
type ArchivedFacts = Omit<SummaryFactsRow, 'first_entry_at' | 'last_entry_at' | 'past_agents'> & {
  readonly first_entry_at: string | null;
  readonly last_entry_at: string | null;
};

/** Returns where the history of a session is, if it is in the archive. */
export function describedIn(row: ArchivedColumns): Described | undefined {
  const { object_key, store, location, sha256, stored_bytes } = row;
  if (object_key === null || store === null || location === null || sha256 === null || stored_bytes === null) return undefined;
  return { object_key, store, location, sha256, stored_bytes };
}

/** Returns the facts of a session, whose history may be in the archive. */
export function factsIn(row: SummaryFactsRow & ArchivedColumns): SummaryFactsRow {
  const { archive_facts: facts } = row;
  if (facts === null) return row;
  return { ...row, ...facts, first_entry_at: dateOf(facts.first_entry_at), last_entry_at: dateOf(facts.last_entry_at) };
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
