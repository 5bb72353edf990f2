import { errorCode, errorMessage } from './classify.js';
import { HandoffError } from './handoffError.js';

/**
 * What went wrong, in four kinds: the `system` around us (database, Redis, disk, set-up), a `session` that is unknown or may not do
 * what was asked, `performance` (too slow, too much at once), or `data` that is damaged, invalid or contradicts what is stored.
 */
export type ErrorCategory = 'system' | 'session' | 'performance' | 'data';

/** The category of each code of ours; docs/errors.md has them in a column. */
export const categoryByCode: Readonly<Record<string, ErrorCategory>> = {
  ...codes('session', [
    'HANDOFF_TRANSITION_REFUSED',
    'HANDOFF_SESSION_UNKNOWN',
    'HANDOFF_LEGAL_HOLD',
    'HANDOFF_CODEBASE_ROOTS_MISSING',
    'HANDOFF_RETENTION_POLICY_UNKNOWN',
    'HANDOFF_RETENTION_POLICY_IN_USE',
    'HANDOFF_JOB_UNKNOWN',
  ]),
  ...codes('performance', [
    'HANDOFF_OVERLOADED',
    'HANDOFF_CALL_CANCELLED',
    'HANDOFF_DATABASE_TIMEOUT',
    'HANDOFF_CONCURRENT_CHANGE',
    'HANDOFF_CODEBASE_BUSY',
    'HANDOFF_JOB_RUNNING',
    'HANDOFF_JOB_UNFINISHED',
    'HANDOFF_MESSAGE_TOO_LARGE',
    'HANDOFF_MIGRATION_BLOCKED',
    'HANDOFF_TELEMETRY_TIMEOUT',
  ]),
  ...codes('data', [
    'HANDOFF_DATA_CORRUPTED',
    'HANDOFF_DATA_INVALID',
    'HANDOFF_DATA_INCONSISTENT',
    'HANDOFF_INVALID_CURSOR',
    'HANDOFF_INVALID_ARGUMENT',
    'HANDOFF_JOB_CONFIG',
    'HANDOFF_RETENTION_INVALID',
    'HANDOFF_TIME_RANGE_INVALID',
    'HANDOFF_ARCHIVE_MISSING',
    'HANDOFF_ARCHIVE_DAMAGED',
    'HANDOFF_ARCHIVE_COLUMNS',
    'HANDOFF_DETECTOR_STATE',
    'HANDOFF_DATABASE_ENCODING',
    'HANDOFF_MIGRATION_CHANGED',
    'HANDOFF_MIGRATION_MISSING',
    'HANDOFF_TRANSACTION_ABORTED',
    'HANDOFF_TELEMETRY_MISMATCH',
    'HANDOFF_OTLP_PAYLOAD',
    'HANDOFF_RECEIVER_REFUSAL',
  ]),
  ...codes('system', [
    'HANDOFF_CONFIG',
    'HANDOFF_USAGE',
    'HANDOFF_ADDRESS_UNAVAILABLE',
    'HANDOFF_MISSING_PEER',
    'HANDOFF_UNSUPPORTED_NODE',
    'HANDOFF_NOTIFICATION',
    'HANDOFF_DEMO_FAILED',
    'HANDOFF_DATABASE_UNAVAILABLE',
    'HANDOFF_DATABASE_INTERRUPTED',
    'HANDOFF_CIRCUIT_OPEN',
    'HANDOFF_EMBEDDED_OPEN',
    'HANDOFF_EMBEDDED_UNAVAILABLE',
    'HANDOFF_NOT_CONFIGURED',
    'HANDOFF_JOB_FAILED',
    'HANDOFF_JOBS_UNAVAILABLE',
    'HANDOFF_ARCHIVE_STORE',
    'HANDOFF_ARCHIVE_ELSEWHERE',
    'HANDOFF_MIGRATION_PENDING',
    'HANDOFF_MIGRATION_DENIED',
    'HANDOFF_MIGRATION_FAILED',
    'HANDOFF_MIGRATION_FOLDER',
    'HANDOFF_DATABASE_NEWER',
    'HANDOFF_INTERNAL',
  ]),
};

/** By the beginning of a SQLSTATE; the longest that fits decides. */
const byState: Readonly<Record<string, ErrorCategory>> = {
  '21': 'data',
  '22': 'data',
  '23': 'data',
  '27': 'data',
  '44': 'data',
  XX001: 'data',
  XX002: 'data',
  // Refused because of what others do at the same time.
  '40': 'performance',
  '40002': 'data',
  '55P03': 'performance',
  '57014': 'performance',
  '54': 'performance',
  '25P03': 'performance',
  '25P04': 'performance',
};

const SLOW_CODES: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ABORT_ERR',
  'ERR_HTTP_REQUEST_TIMEOUT',
]);
const SLOW_NAMES: ReadonlySet<string> = new Set(['TimedOut', 'TimeoutError', 'AbortError', 'TaskCancelledError', 'BulkheadRejectedError']);
const DATA_CODES: ReadonlySet<string> = new Set([
  'ERR_ENCODING_INVALID_ENCODED_DATA',
  'ERR_INVALID_ARG_TYPE',
  'ERR_INVALID_ARG_VALUE',
  'ERR_OUT_OF_RANGE',
  'Z_DATA_ERROR',
  'Z_BUF_ERROR',
  'ERR_ZLIB_INITIALIZATION_FAILED',
]);
const DATA_NAMES: ReadonlySet<string> = new Set(['SyntaxError', 'RangeError', 'URIError', 'ZodError', '$ZodError']);
/** Texts of ioredis and pg, which give no code for these. */
const SLOW_TEXT =
  /^(?:Command timed out|Query read timeout|timeout expired|timeout exceeded when trying to connect|BUSY |Connection is closed due to .*timeout)/;
const DATA_TEXT = /^(?:WRONGTYPE|ERR value is not) /;

/**
 * Returns the category of anything that was thrown: ours by their code, those of PostgreSQL by SQLSTATE, those of Redis by the word
 * they begin with, those of Node by code or class. What is not known counts as `system`. Never throws.
 */
export function classifyError(thrown: unknown): ErrorCategory {
  try {
    return categoryOf(thrown);
  } catch {
    return 'system';
  }
}

function categoryOf(thrown: unknown): ErrorCategory {
  const code = errorCode(thrown);
  if (thrown instanceof HandoffError) return categoryByCode[thrown.code] ?? 'system';
  if (code !== undefined) {
    if (/^[0-9A-Z]{5}$/.test(code)) return byState[code] ?? byState[code.slice(0, 2)] ?? (SLOW_CODES.has(code) ? 'performance' : 'system');
    if (SLOW_CODES.has(code)) return 'performance';
    if (DATA_CODES.has(code)) return 'data';
    if (Object.hasOwn(categoryByCode, code)) return categoryByCode[code] ?? 'system';
  }
  const name = thrown instanceof Error ? thrown.name : '';
  const message = errorMessage(thrown);
  if (SLOW_NAMES.has(name) || SLOW_TEXT.test(message)) return 'performance';
  return DATA_NAMES.has(name) || DATA_TEXT.test(message) ? 'data' : 'system';
}

function codes(category: ErrorCategory, list: readonly `HANDOFF_${string}`[]): Record<string, ErrorCategory> {
  return Object.fromEntries(list.map((code) => [code, category]));
}
