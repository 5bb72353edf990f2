import { sessionOperations } from '../../telemetry/catalogue/sessions.js';
import {
  ATTR_HANDOFF_CONTEXT_SEQUENCE,
  ATTR_HANDOFF_CONTEXT_TYPE,
  ATTR_HANDOFF_SESSION_ID,
  ATTR_HANDOFF_SESSION_KEY,
} from '../../telemetry/semconv.js';
import type { OperationScope } from '../../telemetry/observe.js';
import { activeTraceparent } from '../../telemetry/traceparent.js';
import type { Append } from './appends/append.js';
import { latestContextKey, latestContextValue } from './cacheEntries.js';
import { countTransition } from './countTransition.js';
import type { SessionDependencies } from './dependencies.js';
import type { StatementQueue } from './sharing/statementQueue.js';
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

export type AppendQueue = StatementQueue<Append, InsertEntryRow>;

/** Adds one entry to an active session. Concurrent calls on one session get consecutive numbers. */
export function appendContext(deps: SessionDependencies, appends: AppendQueue, request: AppendRequest): Promise<AppendOutcome> {
  const { sessionKey, contextType } = request;
  const attributes = { [ATTR_HANDOFF_SESSION_KEY]: sessionKey, [ATTR_HANDOFF_CONTEXT_TYPE]: contextType };
  return deps.observe(sessionOperations.append.name, attributes, async (scope) => {
    const row = await appends.send(entryOf(request, deps.clock.nowMs(), scope));
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

function entryOf({ sessionKey, contextType, content, metadata, agent }: AppendRequest, nowMs: number, scope: OperationScope): Append {
  return {
    sessionKey,
    contextType,
    content,
    // A timestamp from the caller says when something happened; the time of the entry itself is in createdAt.
    metadata: JSON.stringify({ timestamp: new Date(nowMs).toISOString(), ...metadata }),
    agent: agent ?? null,
    traceparent: activeTraceparent() ?? null,
    scope,
  };
}
