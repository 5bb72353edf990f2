import { sessionOperations } from '../../telemetry/catalogue/sessions.js';
import {
  ATTR_HANDOFF_CONTEXT_SEQUENCE,
  ATTR_HANDOFF_CONTEXT_TYPE,
  ATTR_HANDOFF_SESSION_ID,
  ATTR_HANDOFF_SESSION_KEY,
} from '../../telemetry/semconv.js';
import { activeTraceparent } from '../../telemetry/traceparent.js';
import { latestContextKey, latestContextValue } from './cacheEntries.js';
import { countTransition } from './countTransition.js';
import type { SessionDependencies } from './dependencies.js';
import { despiteLostRaces } from './lostRace.js';
import { insertEntry } from './sql/insertEntry.js';
import type { InsertEntryRow } from './sql/insertEntry.js';
import type { ContextType, JsonObject } from './types.js';

export interface AppendRequest {
  readonly sessionKey: string;
  readonly contextType: ContextType;
  readonly content: string;
  readonly metadata: JsonObject;
  /** The agent that writes the entry. */
  readonly agent?: string | undefined;
}

export type AppendOutcome =
  | {
      readonly kind: 'appended';
      readonly entry: { readonly id: string; readonly sequenceNumber: number; readonly createdAt: Date };
      readonly session: { readonly id: string; readonly sessionKey: string; readonly status: string };
    }
  | { readonly kind: 'session_not_found' }
  | { readonly kind: 'session_not_active'; readonly status: string };

/** Adds one entry to an active session. Concurrent calls on one session get consecutive numbers. */
export function appendContext(deps: SessionDependencies, request: AppendRequest): Promise<AppendOutcome> {
  const { sessionKey, contextType } = request;
  const attributes = { [ATTR_HANDOFF_SESSION_KEY]: sessionKey, [ATTR_HANDOFF_CONTEXT_TYPE]: contextType };
  return deps.observe(sessionOperations.append.name, attributes, async (scope) => {
    const row = await insert(deps, request);
    if (row === undefined) {
      scope.fail('session_not_found');
      return { kind: 'session_not_found' };
    }
    scope.add({ [ATTR_HANDOFF_SESSION_ID]: row.session_id });
    if (row.entry_id === null || row.sequence_number === null || row.created_at === null) {
      scope.fail('session_not_active');
      return { kind: 'session_not_active', status: row.status };
    }
    scope.add({ [ATTR_HANDOFF_CONTEXT_SEQUENCE]: row.sequence_number });
    countTransition(deps.recordTransition, row.was_dormant === true ? 'dormant' : 'active', 'active', 'agent');
    deps.recordContextSize(row.content_size_bytes ?? 0, attributes);
    const entry = { id: row.entry_id, sequenceNumber: row.sequence_number, createdAt: row.created_at };
    const { key, ttlSeconds } = latestContextKey(sessionKey);
    await deps.cache.set(key, latestContextValue(request, entry), ttlSeconds);
    return { kind: 'appended', entry, session: { id: row.session_id, sessionKey: row.session_key, status: row.status } };
  });
}

/** An earlier server that numbers the same session without our counter can take a number first; the next attempt sees its row. */
async function insert(deps: SessionDependencies, request: AppendRequest): Promise<InsertEntryRow | undefined> {
  // A timestamp from the caller says when something happened; the time of the entry itself is in createdAt.
  const metadata = { timestamp: new Date(deps.clock.nowMs()).toISOString(), ...request.metadata };
  const { sessionKey, contextType, content, agent } = request;
  const values = [sessionKey, contextType, content, JSON.stringify(metadata), agent ?? null, activeTraceparent() ?? null];
  const [row] = await despiteLostRaces(() => deps.database.query<InsertEntryRow>(insertEntry, values));
  return row;
}
