import { HandoffError } from './handoffError.js';

/** A session is not in a state in which the transition may happen. Nothing was changed. */
export class TransitionRefusedError extends HandoffError<{
  readonly sessionId: string;
  readonly transition: string;
  readonly currentState: string;
  /** Transitions that may happen in that state. */
  readonly allowed: readonly string[];
}> {
  override readonly code = 'HANDOFF_TRANSITION_REFUSED';

  constructor(sessionId: string, transition: string, currentState: string, allowed: readonly string[]) {
    const instead = allowed.length === 0 ? 'It is final, and nothing can change it' : `It can only: ${allowed.join(', ')}`;
    super(`Session ${sessionId} is ${currentState} and cannot ${transition}. ${instead}.`, {
      sessionId,
      transition,
      currentState,
      allowed,
    });
  }
}

/** No session has this id: it never existed, or it was deleted by retention or an erasure. */
export class SessionUnknownError extends HandoffError<{ readonly sessionId: string }> {
  override readonly code = 'HANDOFF_SESSION_UNKNOWN';

  constructor(sessionId: string) {
    super(
      `There is no session with id ${sessionId}. Look it up by its key with list_sessions; deletion_records says whether it was deleted.`,
      {
        sessionId,
      },
    );
  }
}

/** An argument of a service cannot be used. Nothing was sent to the database. */
export class InvalidArgumentError extends HandoffError<{ readonly argument: string; readonly allowed: string }> {
  override readonly code = 'HANDOFF_INVALID_ARGUMENT';

  constructor(argument: string, allowed: string) {
    super(`${argument} must be ${allowed}.`, { argument, allowed });
  }
}

/** A part that the call needs was left out when the services were created. Nothing was changed. */
export class NotConfiguredError extends HandoffError<{ readonly part: string }> {
  override readonly code = 'HANDOFF_NOT_CONFIGURED';

  constructor(part: string, what: string) {
    super(`These services have no ${part}: pass ${what} as \`${part}\` to createHandoffServices.`, { part });
  }
}
