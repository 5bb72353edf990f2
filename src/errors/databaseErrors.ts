import { HandoffError } from './handoffError.js';

/** No connection to the database could be made; the statement was certainly not sent, so retrying later is safe. */
export class DatabaseUnavailableError extends HandoffError<{
  /** System or SQLSTATE code of the last attempt, `pool_exhausted`, `connection_timeout`, `closed` or `unknown`. */
  readonly reasonCode: string;
  readonly attempts: number;
  readonly waitedMs: number;
}> {
  override readonly code = 'HANDOFF_DATABASE_UNAVAILABLE';
}

/**
 * The connection broke after something was sent: the statement, or the COMMIT, may or may not have taken effect.
 * Never retried here; a caller may repeat only what is idempotent, after reading the state again.
 */
export class DatabaseInterruptedError extends HandoffError<{ readonly statement: string; readonly reasonCode: string }> {
  override readonly code = 'HANDOFF_DATABASE_INTERRUPTED';

  constructor(statement: string, reasonCode: string, cause: unknown) {
    super(
      `The database connection broke during ${statement} (${reasonCode}); whether it took effect is unknown. Read the state again before repeating it.`,
      { statement, reasonCode },
      { cause },
    );
  }
}

/** COMMIT was answered with a rollback: a statement in the transaction had failed and its error was swallowed. Nothing was kept. */
export class TransactionAbortedError extends HandoffError<Record<string, never>> {
  override readonly code = 'HANDOFF_TRANSACTION_ABORTED';

  constructor() {
    super(
      'The transaction was rolled back because an error from one of its statements was caught and ignored. Let that error propagate, or use a savepoint.',
      {},
    );
  }
}
