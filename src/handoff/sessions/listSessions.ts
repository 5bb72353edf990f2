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
  /** Sessions this agent started, has or had. */
  readonly agent?: string;
  readonly dormant?: boolean;
  /** Sessions at most, at least 1. A page also ends where the metadata of its sessions would be too large. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

/**
 * Sessions, newest first.
 *
 * @throws InvalidCursorError for a cursor that is not ours.
 */
export async function listSessions(deps: SessionDependencies, query: SessionQuery): Promise<Page<Session>> {
  // Outside the operation, like every other check of what the caller gave: a bad cursor is no failure of this server.
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
