import { handoffOperations } from '../../../telemetry/catalogue/handoffs.js';
import { ATTR_GEN_AI_AGENT_NAME, ATTR_HANDOFF_ENTRY_COUNT } from '../../../telemetry/semconv.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import type { SessionDependencies } from '../dependencies.js';
import type { Page, RequestType } from '../types.js';
import type { HandoffStatus, InboxItem } from './handoff.js';
import { listHandoffs as inboxPage } from './sql/listHandoffs.js';
import type { ListedHandoffRow } from './sql/listHandoffs.js';

export interface InboxQuery {
  /** Handoffs to this agent. */
  readonly agent: string;
  readonly status?: HandoffStatus;
  readonly requestType?: RequestType;
  /** Maximum number of handoffs, 1 or more. A page also ends where their request data would become too large. */
  readonly limit: number;
  /** `nextCursor` of the previous page. */
  readonly cursor?: string;
  /** Whether somebody only looks. Default: no, the agent uses its inbox, and from now on what it leaves unanswered times out. */
  readonly isOnlyALook?: boolean;
}

/**
 * Lists the handoffs to an agent, newest first, and notes that the agent uses its inbox, if any handoff was ever made to it. Handoffs of
 * archived sessions are in the archive.
 *
 * @throws InvalidCursorError for a cursor that this server did not issue.
 */
export async function listHandoffs(deps: SessionDependencies, query: InboxQuery): Promise<Page<InboxItem>> {
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  return deps.observe(handoffOperations.list.name, { [ATTR_GEN_AI_AGENT_NAME]: query.agent }, async (scope) => {
    const rows = await deps.database.query<ListedHandoffRow>(inboxPage, [
      query.agent,
      query.status ?? null,
      query.requestType ?? null,
      after?.createdAtUs ?? null,
      after?.id ?? null,
      query.limit,
      deps.maxPageBytes,
      query.isOnlyALook !== true,
    ]);
    scope.add({ [ATTR_HANDOFF_ENTRY_COUNT]: rows.length });
    const cursors = rows.map((row) => encodeCursor({ createdAtUs: row.created_at_us, id: row.id }));
    const last = cursors.at(-1);
    return {
      items: rows.map(toInboxItem),
      cursors,
      ...(last !== undefined && (rows[0]?.found ?? 0) > rows.length ? { nextCursor: last } : {}),
    };
  });
}

function toInboxItem(row: ListedHandoffRow): InboxItem {
  return {
    handoffId: row.id,
    sessionKey: row.session_key,
    requestingAgent: row.requesting_agent,
    targetAgent: row.target_agent,
    requestType: row.request_type,
    status: row.status,
    createdAt: row.created_at,
    deliveredAt: row.delivered_at,
    answeredAt: row.answered_at,
    completedAt: row.completed_at,
    answer: row.metadata?.answer ?? null,
    sessionStatus: row.session_status,
    requestData: row.metadata?.requestData ?? {},
    ...(row.metadata === null ? { leftOut: ['requestData', 'answer'] as const } : {}),
  };
}
