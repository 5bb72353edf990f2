import { sessionOperations } from '../../telemetry/catalogue/sessions.js';
import { ATTR_HANDOFF_ENTRY_COUNT, ATTR_HANDOFF_SESSION_ID, ATTR_HANDOFF_SESSION_KEY } from '../../telemetry/semconv.js';
import { archivedPage } from './archivedEntries.js';
import type { SessionDependencies } from './dependencies.js';
import { describedIn, factsIn } from './sql/archivedFacts.js';
import { listEntries, toEntry } from './sql/listEntries.js';
import type { EntryRow } from './sql/listEntries.js';
import { readSummary } from './sql/readSummary.js';
import type { SummaryRow } from './sql/readSummary.js';
import { toBoundedSession } from './sql/sessionRow.js';
import { summarise } from './summarise.js';
import type { ContextEntry, ContextSummary, ContextType, Session } from './types.js';

export interface ContextRequest {
  readonly sessionKey: string;
  /** Only entries after this number; 0 for all. */
  readonly afterSequenceNumber: number;
  /** Maximum number of entries, 1 or more. A page also ends where content and metadata would become too large. */
  readonly limit: number;
  readonly contextType?: ContextType;
}

export interface FullContext {
  readonly session: Session;
  readonly contextHistory: readonly ContextEntry[];
  readonly summary: ContextSummary;
  /** Present if there are entries after this page. */
  readonly nextAfterSequenceNumber?: number;
}

/** A summary does not show the session's metadata. */
const NO_METADATA = 0;

/** Returns a session with a page of its history; `undefined` for an unknown key. */
export function readContext(deps: SessionDependencies, request: ContextRequest): Promise<FullContext | undefined> {
  return deps.observe(sessionOperations.read.name, { [ATTR_HANDOFF_SESSION_KEY]: request.sessionKey }, async (scope) => {
    const [row] = await deps.database.query<SummaryRow>(readSummary, [request.sessionKey, deps.maxPageBytes]);
    if (row === undefined) {
      scope.fail('session_not_found');
      return undefined;
    }
    const rows = await entriesOf(deps, row, request);
    if (rows === undefined) {
      scope.fail('session_not_found');
      return undefined;
    }
    const contextHistory = rows.map(toEntry);
    scope.add({ [ATTR_HANDOFF_SESSION_ID]: row.id, [ATTR_HANDOFF_ENTRY_COUNT]: contextHistory.length });
    const session = toBoundedSession(row);
    const last = rows.at(-1);
    return {
      session,
      contextHistory,
      summary: summarise(session, factsIn(row)),
      ...(last !== undefined && last.found > rows.length ? { nextAfterSequenceNumber: last.sequence_number } : {}),
    };
  });
}

/** `undefined` if the session is no more. */
async function entriesOf(deps: SessionDependencies, row: SummaryRow, request: ContextRequest): Promise<readonly EntryRow[] | undefined> {
  const { afterSequenceNumber, limit, contextType } = request;
  const archived = describedIn(row);
  if (archived !== undefined) {
    const archive = await deps.archive.open(row.id, archived);
    if (archive !== undefined) return archivedPage(archive, { afterSequenceNumber, limit, contextType, maxBytes: deps.maxPageBytes });
    const [moved] = await deps.database.query<SummaryRow>(readSummary, [request.sessionKey, NO_METADATA]);
    return moved?.id === row.id ? entriesOf(deps, moved, request) : undefined;
  }
  const rows = await deps.database.query<EntryRow>(listEntries, [
    row.id,
    afterSequenceNumber,
    limit,
    contextType ?? null,
    deps.maxPageBytes,
  ]);
  if (rows.length > 0 || row.last_entry_number <= afterSequenceNumber) return rows;
  // None of this type, or the session was archived since it was read.
  const [again] = await deps.database.query<SummaryRow>(readSummary, [request.sessionKey, NO_METADATA]);
  return again === undefined || describedIn(again) === undefined ? rows : entriesOf(deps, again, request);
}

/** Returns the summary of a session; `undefined` for an unknown key. */
export function readSessionSummary(deps: SessionDependencies, sessionKey: string): Promise<ContextSummary | undefined> {
  return deps.observe(sessionOperations.summarise.name, { [ATTR_HANDOFF_SESSION_KEY]: sessionKey }, async (scope) => {
    const [row] = await deps.database.query<SummaryRow>(readSummary, [sessionKey, NO_METADATA]);
    if (row === undefined) {
      scope.fail('session_not_found');
      return undefined;
    }
    return summarise(toBoundedSession(row), factsIn(row));
  });
}
