import { ConcurrentChangeError } from '../../errors/concurrentChangeError.js';
import { sessionOperations } from '../../telemetry/catalogue/sessions.js';
import {
  ATTR_GEN_AI_CONVERSATION_ID,
  ATTR_HANDOFF_ENTRY_COUNT,
  ATTR_HANDOFF_REQUEST_OUTCOME,
  ATTR_HANDOFF_REQUEST_TYPE,
  ATTR_HANDOFF_SESSION_ID,
  ATTR_HANDOFF_SESSION_KEY,
} from '../../telemetry/semconv.js';
import { activeTraceparent } from '../../telemetry/traceparent.js';
import { handoffPackageKey, handoffPackageValue } from './cacheEntries.js';
import { withOurKeys } from './callersKeys.js';
import { countTransition } from './countTransition.js';
import type { SessionDependencies } from './dependencies.js';
import { handoffStatements } from './handingOver/handoffStatements.js';
import type { HandoffStatements, SharedHandoffStatements } from './handingOver/handoffStatements.js';
import { readState } from './history/readState.js';
import { isLostRace } from './lostRace.js';
import { stateOf } from './sessionState.js';
import { lockSession } from './sql/lockSession.js';
import type { HandoffStateRow } from './sql/readHandoffState.js';
import { toSession } from './sql/sessionRow.js';
import type { HandoffValues } from './sql/writeHandoff.js';
import { summarise } from './summarise.js';
import type { ContextSummary, JsonObject, RequestType, Session } from './types.js';

export interface HandoffRequest {
  readonly sessionKey: string;
  readonly targetAgent: string;
  readonly requestType: RequestType;
  readonly requestData: JsonObject;
}

export type HandoffOutcome =
  | {
      readonly kind: 'handed_off';
      /** The session before the handoff. */
      readonly session: Session;
      readonly summary: ContextSummary;
      readonly contextEntries: number;
      readonly cacheKey: string;
      /** Status after the handoff. */
      readonly status: string;
      readonly handoffId: string;
      /** Who hands over: the agent that took the session over for good, else the one that opened it. */
      readonly requestingAgent: string;
    }
  | { readonly kind: 'session_not_found' }
  | { readonly kind: 'session_not_active'; readonly status: string };

/** Without concurrent writers the first attempt succeeds with two statements; after this many attempts the session is locked. */
const OPTIMISTIC_TRIES = 3;
const LOCKED_TRIES = 3;

type Attempt = { readonly outcome: HandoffOutcome; readonly packaged?: { readonly text: string; readonly bytes: number } } | 'changed';

/** Hands a session to another agent with all its context; `full_handoff` completes it. */
export function requestHandoff(
  deps: SessionDependencies,
  shared: SharedHandoffStatements,
  request: HandoffRequest,
): Promise<HandoffOutcome> {
  const attributes = { [ATTR_HANDOFF_SESSION_KEY]: request.sessionKey, [ATTR_HANDOFF_REQUEST_TYPE]: request.requestType };
  return deps.observe(sessionOperations.handoff.name, attributes, async (scope) => {
    const { outcome, packaged } = await settle(deps, shared.of(scope), request);
    if (outcome.kind !== 'handed_off') {
      scope.fail(outcome.kind);
      return outcome;
    }
    scope.add({
      [ATTR_HANDOFF_SESSION_ID]: outcome.session.id,
      [ATTR_GEN_AI_CONVERSATION_ID]: outcome.session.id,
      [ATTR_HANDOFF_ENTRY_COUNT]: outcome.contextEntries,
    });
    const after = stateOf({ status: outcome.status, isDormant: false, isArchived: false });
    countTransition(deps.recordTransition, outcome.session.isDormant ? 'dormant' : 'active', after, 'agent');
    deps.recordHandoffOutcome(1, { [ATTR_HANDOFF_REQUEST_TYPE]: request.requestType, [ATTR_HANDOFF_REQUEST_OUTCOME]: 'delivered' });
    if (packaged !== undefined) {
      const { ttlSeconds } = handoffPackageKey(request.targetAgent, request.sessionKey);
      await deps.cache.set(outcome.cacheKey, packaged.text, ttlSeconds, packaged.bytes);
    }
    return outcome;
  });
}

async function settle(
  deps: SessionDependencies,
  statements: HandoffStatements,
  request: HandoffRequest,
): Promise<Exclude<Attempt, 'changed'>> {
  for (let tries = 0; tries < OPTIMISTIC_TRIES; tries += 1) {
    const attempt = await unlessRaceLost(attemptOnce(deps, statements, request));
    if (attempt !== 'changed') return attempt;
  }
  for (let tries = 0; tries < LOCKED_TRIES; tries += 1) {
    const attempt = await unlessRaceLost(
      deps.database.transaction(async (locked) => {
        await locked.query(lockSession, [request.sessionKey]);
        return attemptOnce(deps, handoffStatements(locked), request);
      }),
    );
    if (attempt !== 'changed') return attempt;
  }
  throw new ConcurrentChangeError('request_handoff', OPTIMISTIC_TRIES + LOCKED_TRIES);
}

/** Caught here and not at the statement: a transaction with a failed statement can only be rolled back and started again. */
async function unlessRaceLost(attempt: Promise<Attempt>): Promise<Attempt> {
  try {
    return await attempt;
  } catch (error) {
    if (isLostRace(error)) return 'changed';
    throw error;
  }
}

async function attemptOnce(deps: SessionDependencies, statements: HandoffStatements, request: HandoffRequest): Promise<Attempt> {
  const state = await readState(deps, statements, request.sessionKey);
  if (state === undefined) return { outcome: { kind: 'session_not_found' } };
  const session = toSession(state);
  if (session.status !== 'active' || session.archivedAt !== null) {
    return { outcome: { kind: 'session_not_active', status: session.archivedAt === null ? session.status : 'archived' } };
  }
  const summary = summarise(session, state);
  const timestamp = new Date(deps.clock.nowMs()).toISOString();
  const written = await statements.write(request.sessionKey, valuesOf(request, state, summary, timestamp));
  if (written === undefined) return 'changed';
  return {
    outcome: {
      kind: 'handed_off',
      session,
      summary,
      contextEntries: state.entry_count,
      cacheKey: handoffPackageKey(request.targetAgent, request.sessionKey).key,
      status: written.status,
      handoffId: written.handoff_id,
      requestingAgent: written.requesting_agent,
    },
    packaged: handoffPackageValue({ session, sourceAgent: written.requesting_agent, summary, timestamp, ...request }, state),
  };
}

function valuesOf(request: HandoffRequest, state: HandoffStateRow, summary: ContextSummary, timestamp: string): HandoffValues {
  const { targetAgent, requestType, requestData } = request;
  const entryMetadata = withOurKeys(requestData, {
    action: 'handoff_requested',
    requestType,
    targetAgent,
    contextSummary: summary.summary,
    totalContextEntries: state.entry_count,
  });
  return [
    state.id,
    state.last_sequence_number,
    state.last_entry_number,
    state.is_dormant ?? false,
    targetAgent,
    requestType,
    JSON.stringify(requestData),
    `Handoff requested to agent: ${targetAgent}`,
    JSON.stringify(entryMetadata),
    timestamp,
    activeTraceparent() ?? null,
  ];
}
