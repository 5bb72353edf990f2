import { sessionOperations } from '../../telemetry/catalogue/sessions.js';
import { ATTR_HANDOFF_ENTRY_COUNT } from '../../telemetry/semconv.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { SessionDependencies } from './dependencies.js';
import { listAgentSessions, listSessions as allSessions } from './sql/listSessions.js';
import type { ListedSessionRow } from './sql/listSessions.js';
import { toBoundedSession } from './sql/sessionRow.js';
import type { Page, Session, SessionStatus } from './types.js';

export interface SessionQuery {
  readonly status?: SessionStatus;
  /** Sessions that this agent started, has or had. */
  readonly agent?: string;
  readonly dormant?: boolean;
  /** Maximum number of sessions, 1 or more. A page also ends where the metadata of its sessions would become too large. */
  readonly limit: number;
  /** `nextCursor` of the previous page. */
  readonly cursor?: string;
}

/**
 * Lists sessions, newest first.
 *
 * @throws InvalidCursorError for a cursor that this server did not issue.
 */
export async function listSessions(deps: SessionDependencies, query: SessionQuery): Promise<Page<Session>> {
  // Outside the operation, like every other input check: an invalid cursor is not a failure of this server.
  const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor);
  return deps.observe(sessionOperations.list.name, {}, async (scope) => {
    const values = [
      query.status ?? null,
      query.dormant ?? null,
      after?.createdAtUs ?? null,
      after?.id ?? null,
      query.limit,
      deps.maxPageBytes,
    ];
    const rows = await (query.agent === undefined
      ? deps.database.query<ListedSessionRow>(allSessions, values)
      : deps.database.query<ListedSessionRow>(listAgentSessions, [...values, query.agent]));
    scope.add({ [ATTR_HANDOFF_ENTRY_COUNT]: rows.length });
    const cursors = rows.map((row) => encodeCursor({ createdAtUs: row.created_at_us, id: row.id }));
    const last = cursors.at(-1);
    return {
      items: rows.map(toBoundedSession),
      cursors,
      ...(last !== undefined && (rows[0]?.found ?? 0) > rows.length ? { nextCursor: last } : {}),
    };
  });
}
