import { operations } from '../telemetry/catalogue.js';
import { ATTR_HANDOFF_ENTRY_COUNT } from '../telemetry/semconv.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import type { SessionDependencies } from './dependencies.js';
import { listAgentSessions, listSessions as allSessions } from './sql/listSessions.js';
import type { ListedSessionRow } from './sql/listSessions.js';
import { toSession } from './sql/sessionRow.js';
import type { Page, Session, SessionStatus } from './types.js';

export interface SessionQuery {
  readonly status?: SessionStatus;
  /** Sessions this agent started or received. */
  readonly agent?: string;
  readonly dormant?: boolean;
  /** Sessions at most, at least 1. */
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
  return deps.observe(operations.sessionList, {}, async (scope) => {
    // One more than asked for tells whether a next page exists without counting the rest.
    const values = [query.status ?? null, query.dormant ?? null, after?.createdAtUs ?? null, after?.id ?? null, query.limit + 1];
    const rows = await (query.agent === undefined
      ? deps.database.query<ListedSessionRow>(allSessions, values)
      : deps.database.query<ListedSessionRow>(listAgentSessions, [...values, query.agent]));
    const page = rows.slice(0, query.limit);
    scope.add({ [ATTR_HANDOFF_ENTRY_COUNT]: page.length });
    const last = page.at(-1);
    return {
      items: page.map(toSession),
      ...(rows.length > query.limit && last !== undefined ? { nextCursor: encodeCursor({ createdAtUs: last.created_at_us, id: last.id }) } : {}),
    };
  });
}
