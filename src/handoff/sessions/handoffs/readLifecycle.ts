import { handoffOperations } from '../../../telemetry/catalogue/handoffs.js';
import {
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_HANDOFF_ENTRY_COUNT,
  ATTR_HANDOFF_SESSION_ID,
  ATTR_HANDOFF_SESSION_KEY,
} from '../../../telemetry/semconv.js';
import { decodeCursor, encodeCursor } from '../cursor.js';
import type { SessionDependencies } from '../dependencies.js';
import { toLifecycle } from './sessionLifecycle.js';
import type { SessionLifecycle } from './sessionLifecycle.js';
import { listEvents } from './sql/listEvents.js';
import type { EventRow } from './sql/listEvents.js';
import { readLifecycle as readState } from './sql/readLifecycle.js';
import type { LifecycleRow } from './sql/readLifecycle.js';

export interface LifecycleRequest {
  readonly sessionKey: string;
  /** Maximum number of events, 1 or more. */
  readonly limit: number;
  /** `nextCursor` of the previous page of events. */
  readonly cursor?: string;
}

export interface LifecyclePage {
  readonly lifecycle: SessionLifecycle;
  /** For each event the cursor that continues after it. */
  readonly cursors: readonly string[];
  readonly nextCursor?: string;
}

/**
 * Reads where a session stands, with a page of its events in order; undefined for an unknown or purged session.
 *
 * @throws InvalidCursorError for a cursor that this server did not issue.
 */
export async function readLifecycle(deps: SessionDependencies, request: LifecycleRequest): Promise<LifecyclePage | undefined> {
  const { sessionKey, limit, cursor } = request;
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  return deps.observe(handoffOperations.readLifecycle.name, { [ATTR_HANDOFF_SESSION_KEY]: sessionKey }, async (scope) => {
    const [row] = await deps.database.query<LifecycleRow>(readState, [sessionKey]);
    if (row === undefined) {
      scope.fail('session_not_found');
      return undefined;
    }
    // One more than asked for tells whether there are more.
    const found = await deps.database.query<EventRow>(listEvents, [row.id, after?.createdAtUs ?? null, after?.id ?? null, limit + 1]);
    const shown = found.slice(0, limit);
    scope.add({
      [ATTR_HANDOFF_SESSION_ID]: row.id,
      [ATTR_GEN_AI_CONVERSATION_ID]: row.id,
      [ATTR_HANDOFF_ENTRY_COUNT]: shown.length,
    });
    const cursors = shown.map((event) => encodeCursor({ createdAtUs: event.created_at_us, id: event.id }));
    const last = cursors.at(-1);
    const events = shown.map((event) => ({
      id: event.id,
      eventType: event.event_type,
      eventData: event.event_data ?? {},
      createdAt: event.created_at,
    }));
    return { lifecycle: toLifecycle(row, events), cursors, ...(found.length > limit && last !== undefined ? { nextCursor: last } : {}) };
  });
}
