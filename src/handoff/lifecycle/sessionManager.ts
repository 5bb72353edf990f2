import { ConcurrentChangeError } from '../../errors/concurrentChangeError.js';
import { NotConfiguredError, SessionUnknownError, TransitionRefusedError } from '../../errors/lifecycleErrors.js';
import { lifecycleOperations } from '../../telemetry/catalogue/lifecycle.js';
import type { OperationName } from '../../telemetry/catalogue/operations.js';
import { ATTR_HANDOFF_SESSION_ID } from '../../telemetry/semconv.js';
import { stateOf } from '../sessions/sessionState.js';
import type { SessionState } from '../sessions/sessionState.js';
import type { Statement } from '../storage/database.js';
import { dropKeys, uselessKeys } from './cacheKeys.js';
import { requireDate, requireSessionId } from './checks.js';
import type { LifecycleDependencies } from './dependencies.js';
import { eventData } from './eventData.js';
import type { RetentionPort } from './ports.js';
import { countTransition } from '../sessions/countTransition.js';
import { expireOne } from './sql/expireOne.js';
import { readState } from './sql/readState.js';
import { scheduleOne } from './sql/scheduleOne.js';
import { sleepOne } from './sql/sleepOne.js';
import type { StateRow } from './sql/stateRow.js';
import { wakeOne } from './sql/wakeOne.js';
import { sweepOrphans } from './sweeps/orphans.js';
import { allowedIn, isAllowed } from './transitionTable.js';
import type { TransitionName } from './transitionTable.js';

/**
 * Lifecycle of sessions for operators. Every method may be called again, from anywhere and at the same time: where the session is
 * already as asked, nothing happens.
 *
 * Methods that take a session id (a UUID) reject with `InvalidArgumentError` for anything else, with `SessionUnknownError` where there
 * is no such session, and with `TransitionRefusedError` where its state does not allow the change.
 */
export interface SessionManagerService<Policy> {
  /**
   * Fixes when a live session expires, by the database's clock. Activity no longer moves that time. One that has passed lets the
   * session expire at the next sweep. The time must be in the years 1970 to 9999.
   */
  scheduleExpiration(sessionId: string, expiresAt: Date): Promise<void>;
  /** Ends a live session at once. */
  expireSession(sessionId: string): Promise<void>;
  /** Moves an ended session to cold storage; where there is none, it is archived in the database. */
  archiveSession(sessionId: string): Promise<void>;
  /** Ends abandoned sessions: idle for 7 days, without context or without an owner. Resolves with their number. */
  cleanupOrphanedSessions(): Promise<number>;
  /** Marks an active session dormant, however long it has been idle. */
  markSessionDormant(sessionId: string): Promise<void>;
  /** Makes a dormant session active. Its idle time goes on: this is no activity. */
  reactivateSession(sessionId: string): Promise<void>;
  /** Creates or changes a retention policy, for all replicas at once. */
  updateRetentionPolicy(policy: Policy): Promise<void>;
}

/** The name under which `retention_changes` records what came through this service. */
const ACTOR = 'SessionManagerService';

export function createSessionManager<Policy>(
  deps: LifecycleDependencies,
  retention: RetentionPort<Policy> | undefined,
): SessionManagerService<Policy> {
  return {
    scheduleExpiration: async (sessionId, expiresAt) => {
      requireSessionId(sessionId);
      const time = requireDate('expiresAt', expiresAt);
      await operation(deps, lifecycleOperations.schedule.name, sessionId, () => schedule(deps, sessionId, time));
    },
    expireSession: (sessionId) => transition(deps, lifecycleOperations.expire.name, sessionId, 'expire', 'expired', expireOne),
    markSessionDormant: (sessionId) => transition(deps, lifecycleOperations.sleep.name, sessionId, 'sleep', 'dormant', sleepOne),
    reactivateSession: (sessionId) => transition(deps, lifecycleOperations.wake.name, sessionId, 'wake', 'active', wakeOne),
    archiveSession: async (sessionId) => {
      requireSessionId(sessionId);
      await operation(deps, lifecycleOperations.archive.name, sessionId, () => archive(deps, sessionId));
    },
    cleanupOrphanedSessions: async () => (await sweepOrphans(deps)).changed,
    updateRetentionPolicy: async (policy) => {
      if (retention === undefined) throw new NotConfiguredError('retention', 'a database with retention policies');
      await retention.updatePolicy(policy, ACTOR);
    },
  };
}

function operation(deps: LifecycleDependencies, name: OperationName, sessionId: string, work: () => Promise<void>): Promise<void> {
  return deps.observe(name, { [ATTR_HANDOFF_SESSION_ID]: sessionId }, work);
}

/** A transition that is one statement. */
async function transition(
  deps: LifecycleDependencies,
  name: OperationName,
  sessionId: string,
  verb: TransitionName,
  to: Exclude<SessionState, 'purged'>,
  statement: Statement,
): Promise<void> {
  requireSessionId(sessionId);
  await operation(deps, name, sessionId, async () => {
    const row = known(sessionId, await deps.database.query<StateRow>(statement, [sessionId, eventData('operator')]));
    const from = stateBefore(row);
    if (row.changed) {
      countTransition(deps.record.transitions, from, to, 'operator');
      if (to !== 'active') await dropKeys(deps, uselessKeys({ ...row, is_dead: to !== 'dormant' }));
    } else if (from !== to) throw new TransitionRefusedError(sessionId, verb, from, allowedIn(from));
  });
}

async function schedule(deps: LifecycleDependencies, sessionId: string, time: string): Promise<void> {
  const values = [sessionId, eventData('operator'), time];
  const state = stateBefore(known(sessionId, await deps.database.query<StateRow>(scheduleOne, values)));
  // Only what can expire can be scheduled to.
  if (!isAllowed('expire', state)) throw new TransitionRefusedError(sessionId, 'expire', state, allowedIn(state));
}

async function archive(deps: LifecycleDependencies, sessionId: string): Promise<void> {
  const state = await currentState(deps, sessionId);
  if (state === 'archived') return;
  if (!isAllowed('archive', state)) throw new TransitionRefusedError(sessionId, 'archive', state, allowedIn(state));
  if (deps.archive === undefined) throw new NotConfiguredError('archive', 'an object store');
  await deps.archive.archive(sessionId);
  const after = await currentState(deps, sessionId);
  if (after === 'archived') return;
  if (!isAllowed('archive', after)) throw new TransitionRefusedError(sessionId, 'archive', after, allowedIn(after));
  throw new ConcurrentChangeError('archiveSession', 1);
}

async function currentState(deps: LifecycleDependencies, sessionId: string): Promise<SessionState> {
  return stateBefore(known(sessionId, await deps.database.query<StateRow>(readState, [sessionId])));
}

function known(sessionId: string, [row]: readonly StateRow[]): StateRow {
  if (row === undefined) throw new SessionUnknownError(sessionId);
  return row;
}

function stateBefore(row: StateRow): Exclude<SessionState, 'purged'> {
  return stateOf({ status: row.status, isDormant: row.is_dormant, isArchived: row.is_archived });
}
