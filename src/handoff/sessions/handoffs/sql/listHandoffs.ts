import type { Statement } from '../../../storage/database.js';
import { boundedMetadata, boundedPage } from '../../sql/boundedPage.js';
import { handoffStatuses } from '../handoff.js';
import { notingInboxUse } from './inboxUse.js';

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const ORDER = 'created_at DESC, id DESC';
const ALL = `ARRAY[${handoffStatuses.map((status) => `'${status}'`).join(', ')}]`;

/**
 * Selects the handoffs to an agent, newest first, and notes that the agent uses its inbox unless somebody only looks. The index has them
 * by state: for all states it is read once for each, which ends after a page, instead of sorting everything that the agent was ever
 * handed.
 *
 * $1 agent, $2 status or NULL, $3 request type or NULL, $4 and $5 created_at in microseconds and id of the last row seen or NULL,
 * $6 maximum number of handoffs, $7 maximum bytes of request data and answers, $8 whether the agent uses its inbox by this.
 */
export const listHandoffs: Statement = {
  name: 'handoff_list_handoffs',
  text: boundedPage({
    first: notingInboxUse('$1', '$8::boolean AND EXISTS (SELECT FROM handoff_requests waiting WHERE waiting.target_agent = $1::text)'),
    candidates,
    order: ORDER,
    columns: `id, session_key, session_status, requesting_agent, target_agent, request_type, status, created_at, delivered_at, answered_at, completed_at,
  ${boundedMetadata('$7')}, (extract(epoch FROM created_at) * 1000000)::bigint::text AS created_at_us`,
    maxRows: '$6',
    maxBytes: '$7',
  }),
};

function candidates(after: 'given' | 'before', limit: string): string {
  const place =
    after === 'given'
      ? `COALESCE('epoch'::timestamptz + $4::bigint * interval '1 microsecond', 'infinity'), COALESCE($5::uuid, '${LAST_ID}')`
      : 'before.created_at, before.id';
  return `
      SELECT found.*, s.session_key, CASE WHEN s.archived_at IS NULL THEN s.status ELSE 'archived' END AS session_status,
        0 AS content_bytes, octet_length(found.metadata::text) AS metadata_bytes
      FROM (
        SELECT of_state.* FROM unnest(CASE WHEN $2::text IS NULL THEN ${ALL} ELSE ARRAY[$2::text] END) AS state (name), LATERAL (
          SELECT r.id, r.session_id, r.requesting_agent, r.target_agent, r.request_type, r.status, r.created_at, r.delivered_at,
            r.answered_at, r.completed_at, jsonb_build_object('requestData', r.request_data, 'answer', r.answer) AS metadata
          FROM handoff_requests r
          WHERE r.target_agent = $1::text AND r.status = state.name AND ($3::text IS NULL OR r.request_type = $3)
            AND (r.created_at, r.id) < (${place})
          ORDER BY r.created_at DESC, r.id DESC
          LIMIT ${limit}
        ) of_state
        ORDER BY ${ORDER}
        LIMIT ${limit}
      ) found JOIN sessions s ON s.id = found.session_id
      ORDER BY found.created_at DESC, found.id DESC`;
}

export interface ListedHandoffRow {
  readonly id: string;
  readonly session_key: string;
  readonly session_status: string;
  readonly requesting_agent: string;
  readonly target_agent: string;
  readonly request_type: string;
  readonly status: string;
  readonly created_at: Date;
  readonly delivered_at: Date | null;
  readonly answered_at: Date | null;
  readonly completed_at: Date | null;
  /** NULL where it alone is larger than a page. */
  readonly metadata: {
    readonly requestData: Readonly<Record<string, unknown>> | null;
    readonly answer: Readonly<Record<string, unknown>> | null;
  } | null;
  readonly created_at_us: string;
  /** Handoffs measured for this page: more than it holds if handoffs remain. */
  readonly found: number;
}
