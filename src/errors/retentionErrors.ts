import { HandoffError } from './handoffError.js';

/** One value that retention cannot take. */
export interface RetentionProblem {
  readonly path: string;
  readonly problem: string;
  readonly allowed: string;
}

/** A policy, rule, name or reason cannot be used as given. Nothing was changed. */
export class RetentionInvalidError extends HandoffError<{ readonly problems: readonly RetentionProblem[] }> {
  override readonly code = 'HANDOFF_RETENTION_INVALID';

  constructor(problems: readonly RetentionProblem[]) {
    const list = problems.map(({ path, problem, allowed }) => `${path} ${problem} (allowed: ${allowed})`).join('; ');
    super(`Nothing was changed: ${list}. Correct these values.`, { problems });
  }
}

/** There is no retention policy of that name. Nothing was changed. */
export class RetentionPolicyUnknownError extends HandoffError<{ readonly known: readonly string[] }> {
  override readonly code = 'HANDOFF_RETENTION_POLICY_UNKNOWN';

  constructor(known: readonly string[]) {
    super(`There is no retention policy of that name. Create it first, or use one of: ${known.join(', ')}.`, { known });
  }
}

/** A policy that sessions or rules still name, or the policy `standard`, was to be removed. */
export class RetentionPolicyInUseError extends HandoffError<{
  readonly policy: string;
  /** Sessions that have the policy, counted up to 1000. */
  readonly sessions: number;
  readonly rules: number;
}> {
  override readonly code = 'HANDOFF_RETENTION_POLICY_IN_USE';

  constructor(policy: string, sessions: number, rules: number) {
    const by =
      sessions + rules === 0
        ? 'it applies to all sessions without another policy'
        : `${sessions === 1000 ? '1000 or more' : sessions} sessions and ${rules} rules use it. First assign another policy to the sessions and remove the rules`;
    super(`The retention policy ${policy} cannot be removed: ${by}.`, { policy, sessions, rules });
  }
}

/** A session on legal hold was to be deleted. Nothing was changed. */
export class LegalHoldError extends HandoffError<{ readonly sessionId: string; readonly heldSince: string }> {
  override readonly code = 'HANDOFF_LEGAL_HOLD';

  constructor(sessionId: string, heldSince: Date) {
    super(`Session ${sessionId} has been on legal hold since ${heldSince.toISOString()} and cannot be deleted. Release the hold first.`, {
      sessionId,
      heldSince: heldSince.toISOString(),
    });
  }
}
