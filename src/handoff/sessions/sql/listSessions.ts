import type { Statement } from '../../storage/database.js';
import { boundedMetadata, boundedPage } from './boundedPage.js';
import { PLAIN_COLUMNS } from './sessionRow.js';
import type { BoundedSessionRow } from './sessionRow.js';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const ORDER = 'created_at DESC, id DESC';

/**
 * Selects sessions, newest first, by keyset: a page is as cheap at the end of a million sessions as at the start. The first page
 * starts from a position beyond all sessions, because "or no position given" would keep a prepared plan from seeking in the index.
 *
 * $1 status or NULL, $2 dormant or NULL, $3 and $4 created_at in microseconds and id of the last row seen or NULL,
 * $5 maximum number of sessions, $6 maximum bytes of metadata.
 */
export const listSessions: Statement = {
  name: 'handoff_list_sessions',
  text: sessionPage((after, limit) => sessionsFrom('sessions s', 'true', ['s.created_at', 's.id'], after, limit)),
};

/**
 * Does the same for the sessions that an agent ($7) started, has or had, in three index scans that each stop after a page: one
 * condition with OR would read the whole table for an agent with few sessions.
 */
export const listAgentSessions: Statement = {
  name: 'handoff_list_agent_sessions',
  text: sessionPage(
    (after, limit) => `
      SELECT * FROM (
        (${sessionsFrom('sessions s', 's.agent_from = $7', ['s.created_at', 's.id'], after, limit)})
        UNION ALL
        (${sessionsFrom('sessions s', 's.agent_to = $7 AND s.agent_from <> $7', ['s.created_at', 's.id'], after, limit)})
        UNION ALL
        (${sessionsFrom(
          'session_past_agents past JOIN sessions s ON s.id = past.session_id',
          'past.agent = $7 AND s.agent_to IS DISTINCT FROM $7 AND s.agent_from <> $7',
          ['past.session_created_at', 'past.session_id'],
          after,
          limit,
        )})
      ) any_of_three
      ORDER BY ${ORDER}
      LIMIT ${limit}`,
  ),
};

function sessionPage(candidates: (after: 'given' | 'before', limit: string) => string): string {
  return boundedPage({
    candidates,
    order: ORDER,
    columns: `${PLAIN_COLUMNS.join(', ')}, ${boundedMetadata('$6')}, (extract(epoch FROM created_at) * 1000000)::bigint::text AS created_at_us`,
    maxRows: '$5',
    maxBytes: '$6',
  });
}

/** Selects filtered sessions after a position; `key` names the columns that the index has in the order of the listing. */
function sessionsFrom(
  source: string,
  condition: string,
  [createdAt, id]: readonly [string, string],
  after: 'given' | 'before',
  limit: string,
): string {
  const place =
    after === 'given'
      ? `COALESCE('epoch'::timestamptz + $3::bigint * interval '1 microsecond', 'infinity'), COALESCE($4::uuid, '${LAST_ID}')`
      : 'before.created_at, before.id';
  return `
      SELECT ${PLAIN_COLUMNS.map((column) => `s.${column}`).join(', ')}, s.metadata, 0 AS content_bytes, COALESCE(octet_length(s.metadata::text), 0) AS metadata_bytes
      FROM ${source}
      WHERE ${condition}
        AND ($1::text IS NULL OR s.status = $1)
        AND ($2::boolean IS NULL OR COALESCE(s.is_dormant, false) = $2)
        AND (${createdAt}, ${id}) < (${place})
      ORDER BY ${createdAt} DESC, ${id} DESC
      LIMIT ${limit}`;
}

export interface ListedSessionRow extends BoundedSessionRow {
  readonly created_at_us: string;
  /** Sessions measured for this page: more than it holds if sessions remain. */
  readonly found: number;
}
