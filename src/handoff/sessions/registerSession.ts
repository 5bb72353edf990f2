import { ConcurrentChangeError } from '../../errors/concurrentChangeError.js';
import { sessionOperations } from '../../telemetry/catalogue/sessions.js';
import { ATTR_HANDOFF_SESSION_ID, ATTR_HANDOFF_SESSION_KEY } from '../../telemetry/semconv.js';
import { activeTraceparent } from '../../telemetry/traceparent.js';
import { withOurKeys } from './callersKeys.js';
import type { SessionDependencies } from './dependencies.js';
import { insertSession } from './sql/insertSession.js';
import type { InsertSessionRow } from './sql/insertSession.js';
import { toSession } from './sql/sessionRow.js';
import type { JsonObject, Session } from './types.js';

export interface RegisterRequest {
  readonly sessionKey: string;
  readonly agentFrom: string;
  readonly metadata: JsonObject;
}

export type RegisterOutcome =
  | { readonly kind: 'registered'; readonly session: Session }
  /** The key is already in use, whatever the state of that session; nothing was changed. */
  | { readonly kind: 'session_exists'; readonly session: Session };

/** Two attempts are enough to see a committed rival; more would mean that the key is constantly being inserted and deleted. */
const MAX_TRIES = 3;

/** Opens a session: the row, its lifecycle events and entry 1, all or nothing. */
export function registerSession(deps: SessionDependencies, request: RegisterRequest): Promise<RegisterOutcome> {
  const { sessionKey, agentFrom, metadata } = request;
  return deps.observe(sessionOperations.register.name, { [ATTR_HANDOFF_SESSION_KEY]: sessionKey }, async (scope) => {
    const values = [
      sessionKey,
      agentFrom,
      JSON.stringify(metadata),
      deps.sessionTtlHours,
      `Session registered by agent: ${agentFrom}`,
      JSON.stringify(withOurKeys(metadata, { action: 'session_registered' })),
      activeTraceparent() ?? null,
    ];
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const [row] = await deps.database.query<InsertSessionRow>(insertSession, values);
      if (row === undefined) continue;
      scope.add({ [ATTR_HANDOFF_SESSION_ID]: row.id });
      if (row.created) return { kind: 'registered', session: toSession(row) };
      scope.fail('session_exists');
      return { kind: 'session_exists', session: toSession(row) };
    }
    throw new ConcurrentChangeError('register_session', MAX_TRIES);
  });
}
