import type { ErrorCategory } from '../../../errors/categories.js';
import type { ErrorContext } from '../../../logging/types.js';
import type { Dependency } from '../breakerReports.js';

/**
 * Errors by category. Any error may be given to any method: the category is what the caller says it is, and `classifyError` tells it for
 * errors that come from elsewhere.
 */
export type SystemError = Error;
export type SessionError = Error;
export type PerformanceError = Error;
/** Damaged, invalid or inconsistent data: one of ours, or a refusal of PostgreSQL, which becomes one. */
export type DataError = Error;
/** `dependency` says what failed, where the error itself does not. */
export type RecoverableError = Error & { readonly dependency?: Dependency };
export type CriticalError = Error;
export type AlertableError = Error;

/** What a caller may be told about an error: nothing in it quotes content, hosts or statements. */
export interface ErrorResponse {
  readonly category: ErrorCategory;
  /** See docs/errors.md. */
  readonly code: string;
  readonly message: string;
  /** Whether the same call may succeed later, and repeating it does no harm: it is certain that nothing was done for it. */
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** What to do about it. */
  readonly advice: string;
}

/** Answers, recovers from and reports errors. No method ever throws or rejects. */
export interface ErrorHandler {
  /**
   * Database, Redis, disk, set-up. Logged; alerted when a dependency failed or trying again does not help, the same code at most once a
   * minute.
   */
  handleSystemError(error: SystemError): Promise<ErrorResponse>;
  /** Sessions that are unknown or may not do what was asked. Logged. */
  handleSessionError(error: SessionError): Promise<ErrorResponse>;
  /** Too slow, or too much at once. Logged. */
  handlePerformanceError(error: PerformanceError): Promise<ErrorResponse>;
  /** Data that is damaged, invalid or inconsistent. Logged; damage is escalated. */
  handleDataError(error: DataError): Promise<ErrorResponse>;
  /**
   * Asks what failed until it answers. Resolves with whether it does; with false at once where the error names nothing that can be
   * asked, and after half a minute and one last probe (5 s) otherwise. Those who ask about the same dependency at the same time share one
   * attempt.
   */
  attemptRecovery(error: RecoverableError): Promise<boolean>;
  /** Reports an error that somebody must act on, and resolves when the report was delivered or given up. */
  escalateError(error: CriticalError): Promise<void>;
  /** Writes one record. */
  logError(error: Error, context: ErrorContext): void;
  /** Reports an error of which somebody should know; the same code at most once a minute. */
  triggerAlert(error: AlertableError): void;
}

/** The error handler of the services, which also takes errors of unknown category. */
export interface ClassifyingErrorHandler extends ErrorHandler {
  /** Classifies anything that was thrown and handles it as the method of its category does. */
  handle(thrown: unknown): Promise<ErrorResponse>;
}
