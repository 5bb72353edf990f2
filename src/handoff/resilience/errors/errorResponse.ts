import type { ErrorCategory } from '../../../errors/categories.js';
import { HandoffError } from '../../../errors/handoffError.js';
import { OverloadedError } from '../../../errors/overloadedError.js';
import type { ErrorResponse } from './errorHandler.js';
import { safeFailure } from './safeFailure.js';

/** Codes of calls that did nothing and may succeed later, with the pause after which another try makes sense. */
const RETRY_AFTER_MS: Readonly<Record<string, number>> = {
  HANDOFF_OVERLOADED: 250,
  HANDOFF_DATABASE_UNAVAILABLE: 1000,
  HANDOFF_EMBEDDED_UNAVAILABLE: 1000,
  HANDOFF_DATABASE_TIMEOUT: 1000,
  HANDOFF_CONCURRENT_CHANGE: 100,
  HANDOFF_CODEBASE_BUSY: 2000,
  HANDOFF_CIRCUIT_OPEN: 1000,
  HANDOFF_JOB_RUNNING: 5000,
  HANDOFF_ARCHIVE_STORE: 30_000,
};

const BY_CATEGORY: Readonly<Record<ErrorCategory, string>> = {
  system: 'The operator of the server finds the cause in its log, under this code and the trace of the call.',
  session: 'Read the present state of the session (get_summary, handoff://lifecycle/{sessionKey}) and do what it allows.',
  performance: 'If it happens repeatedly, look for load and locks, or add replicas.',
  data: 'Correct what was given, or read the present state and decide again.',
};
const BY_CODE: Readonly<Record<string, string>> = {
  HANDOFF_DATABASE_INTERRUPTED: 'Read the session before repeating the call: it may have taken effect.',
  HANDOFF_DATA_CORRUPTED: 'Stop writing, check the disk of the database, and restore a backup beside it.',
};

/** A statement was refused, and an earlier one of the same call may have been carried out. */
const CUT_SHORT = 'Read the session after retryAfterMs, before repeating the call: part of it may have taken effect.';

/** Errors whose messages are written for callers. Those of others name files, folders and settings. */
const FOR_CALLERS: ReadonlySet<string> = new Set([
  'HANDOFF_TRANSITION_REFUSED',
  'HANDOFF_SESSION_UNKNOWN',
  'HANDOFF_LEGAL_HOLD',
  'HANDOFF_INVALID_ARGUMENT',
  'HANDOFF_INVALID_CURSOR',
  'HANDOFF_RETENTION_INVALID',
  'HANDOFF_TIME_RANGE_INVALID',
  'HANDOFF_RETENTION_POLICY_UNKNOWN',
  'HANDOFF_RETENTION_POLICY_IN_USE',
  'HANDOFF_JOB_UNKNOWN',
  'HANDOFF_JOB_RUNNING',
  'HANDOFF_JOB_UNFINISHED',
  'HANDOFF_JOB_CONFIG',
  'HANDOFF_DATA_CORRUPTED',
  'HANDOFF_DATA_INVALID',
  'HANDOFF_DATA_INCONSISTENT',
]);

/** Makes the answer to an error: from its own message where that is written for callers, else a sentence that gives nothing away. */
export function errorResponse(error: unknown, category: ErrorCategory): ErrorResponse {
  const safe = safeFailure(error);
  const usualMs = RETRY_AFTER_MS[safe.code];
  const retryAfterMs = safe.retryAfterMs ?? usualMs;
  const isCutShort = error instanceof OverloadedError && error.data.reason === 'bulkhead_full';
  return {
    category,
    code: safe.code,
    message: error instanceof HandoffError && FOR_CALLERS.has(error.code) ? error.message : safe.details,
    retryable: usualMs !== undefined && !isCutShort,
    ...(usualMs === undefined || retryAfterMs === undefined ? {} : { retryAfterMs }),
    advice: isCutShort ? CUT_SHORT : (BY_CODE[safe.code] ?? usualAdvice(category, usualMs)),
  };
}

function usualAdvice(category: ErrorCategory, retryAfterMs: number | undefined): string {
  return retryAfterMs === undefined ? BY_CATEGORY[category] : `Try again after retryAfterMs. ${BY_CATEGORY[category]}`;
}
