import { ConcurrentChangeError } from '../../errors/concurrentChangeError.js';
import { RetentionPolicyUnknownError } from '../../errors/retentionErrors.js';
import { sessionOperations } from '../../telemetry/catalogue/sessions.js';
import { ATTR_HANDOFF_SESSION_ID, ATTR_HANDOFF_SESSION_KEY } from '../../telemetry/semconv.js';
import { activeTraceparent } from '../../telemetry/traceparent.js';
import { withOurKeys } from './callersKeys.js';
import { countTransition } from './countTransition.js';
import type { SessionDependencies } from './dependencies.js';
import { insertSession } from './sql/insertSession.js';
import type { InsertSessionRow } from './sql/insertSession.js';
import { listPolicyNames } from './sql/listPolicyNames.js';
import { toSession } from './sql/sessionRow.js';
import type { JsonObject, Session } from './types.js';

export interface RegisterRequest {
  readonly sessionKey: string;
  readonly agentFrom: string;
  readonly metadata: JsonObject;
  /** Name of the retention policy. Default: that of the first rule that fits, else `standard`. */
  readonly retentionPolicy?: string | undefined;
}

export type RegisterOutcome =
  | { readonly kind: 'registered'; readonly session: Session }
  /** The key is already in use, whatever the state of that session; nothing was changed. */
  | { readonly kind: 'session_exists'; readonly session: Session };

/** Two attempts are enough to see a committed rival; more would mean that the key is constantly being inserted and deleted. */
const MAX_TRIES = 3;

/**
 * Opens a session: the row, its lifecycle events and entry 1, all or nothing.
 *
 * @throws RetentionPolicyUnknownError for a policy that does not exist.
 */
export async function registerSession(deps: SessionDependencies, request: RegisterRequest): Promise<RegisterOutcome> {
  const outcome = await register(deps, request);
  if (outcome.kind === 'unknown_policy') throw new RetentionPolicyUnknownError(outcome.known);
  return outcome;
}

/** The caller's mistake is an outcome of the operation, and not a failure of this server. */
type Registration = RegisterOutcome | { readonly kind: 'unknown_policy'; readonly known: readonly string[] };

function register(deps: SessionDependencies, request: RegisterRequest): Promise<Registration> {
  const { sessionKey, agentFrom, metadata, retentionPolicy } = request;
  return deps.observe(sessionOperations.register.name, { [ATTR_HANDOFF_SESSION_KEY]: sessionKey }, async (scope) => {
    const values = [
      sessionKey,
      agentFrom,
      JSON.stringify(metadata),
      deps.sessionTtlHours ?? null,
      `Session registered by agent: ${agentFrom}`,
      JSON.stringify(withOurKeys(metadata, { action: 'session_registered' })),
      activeTraceparent() ?? null,
      retentionPolicy ?? null,
    ];
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const [row] = await deps.database.query<InsertSessionRow>(insertSession, values);
      if (row === undefined) {
        const known = retentionPolicy === undefined ? [] : await policyNames(deps);
        if (retentionPolicy === undefined || known.includes(retentionPolicy)) continue;
        scope.fail('unknown_policy');
        return { kind: 'unknown_policy', known };
      }
      scope.add({ [ATTR_HANDOFF_SESSION_ID]: row.id });
      if (row.created) {
        countTransition(deps.recordTransition, 'none', 'active', 'agent');
        return { kind: 'registered', session: toSession(row) };
      }
      scope.fail('session_exists');
      return { kind: 'session_exists', session: toSession(row) };
    }
    throw new ConcurrentChangeError('register_session', MAX_TRIES);
  });
}

async function policyNames({ database }: SessionDependencies): Promise<readonly string[]> {
  return (await database.query<{ readonly name: string }>(listPolicyNames)).map(({ name }) => name);
}
