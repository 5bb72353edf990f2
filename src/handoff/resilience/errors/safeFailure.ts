import { CircuitOpenError } from '../../../errors/circuitOpenError.js';
import { CodebaseBusyError, CodebaseRootsMissingError } from '../../../errors/codebaseErrors.js';
import { ConcurrentChangeError } from '../../../errors/concurrentChangeError.js';
import { EmbeddedUnavailableError } from '../../../errors/embeddedErrors.js';
import { HandoffError } from '../../../errors/handoffError.js';
import { OverloadedError } from '../../../errors/overloadedError.js';
import { errorType } from '../../../telemetry/errorType.js';

/** What a caller may know about an internal failure: no host names, SQL or values. The cause is in the logs and the span. */
export interface SafeFailure {
  readonly code: string;
  readonly details: string;
  /** Where it is known when another try makes sense. */
  readonly retryAfterMs?: number;
}

const NOT_NOW = 'The service cannot reach its database at the moment. Try again in a few seconds.';
const INTERRUPTED =
  'The connection to the database broke during the call. Whether it took effect is unknown: read the session before repeating it.';
const UNKNOWN = "The server failed with an internal error. Its operator can find the cause in the server's log under this trace.";

const OVERLOADED_CODE = 'HANDOFF_OVERLOADED';
const OVERLOADED =
  'The server has more calls than it can finish in time and did not begin this one: nothing was changed. Try again after retryAfterMs.';
const CUT_SHORT =
  'The server has more to do than it can finish in time and gave this call up. Try again after retryAfterMs; read the session before repeating a change.';

const ARCHIVE_NOT_NOW =
  'The archive that holds the entries of this session does not answer at the moment. Try again later; get_summary still works.';
const ARCHIVE_LOST =
  'The archived entries of this session cannot be read. The operator can find out why with `handoff-otel archive verify`; get_summary still works.';

const CONNECTION_CODES = /^(?:ECONN|EPIPE|ENOENT|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_|08|57P0)/;

/** Our own errors that a caller can act on. The messages of the others are for operators: they name files, settings and statements. */
const OWN: Readonly<Record<string, string>> = {
  HANDOFF_DATABASE_UNAVAILABLE: NOT_NOW,
  HANDOFF_DATABASE_INTERRUPTED: INTERRUPTED,
  HANDOFF_CALL_CANCELLED: 'The call was cancelled before it changed anything.',
  HANDOFF_MISSING_PEER:
    'The server lacks an optional package that this tool needs. Its operator finds the command that installs it in the log.',
  HANDOFF_JOBS_UNAVAILABLE: "No process runs jobs on this database yet. Its operator can find out why in the server's log.",
  HANDOFF_JOB_FAILED: 'The process that ran the job ended in the middle of it. Another repeats it; see get_job_status.',
  HANDOFF_ARCHIVE_STORE: ARCHIVE_NOT_NOW,
  HANDOFF_ARCHIVE_MISSING: ARCHIVE_LOST,
  HANDOFF_ARCHIVE_DAMAGED: ARCHIVE_LOST,
  HANDOFF_ARCHIVE_ELSEWHERE: ARCHIVE_LOST,
};

/** Returns a safe sentence and code for anything a tool may throw. */
export function safeFailure(thrown: unknown): SafeFailure {
  const type = errorType(thrown);
  if (thrown instanceof ConcurrentChangeError || thrown instanceof CodebaseBusyError || thrown instanceof CodebaseRootsMissingError)
    return { code: thrown.code, details: thrown.message };
  if (thrown instanceof OverloadedError) return overload(thrown);
  if (thrown instanceof HandoffError && thrown.cause instanceof CircuitOpenError)
    return { code: thrown.code, details: OWN[thrown.code] ?? UNKNOWN, retryAfterMs: thrown.cause.data.retryAfterMs };
  if (thrown instanceof HandoffError && thrown.cause instanceof EmbeddedUnavailableError) return embeddedFailure(thrown.code, thrown.cause);
  if (thrown instanceof HandoffError) return { code: thrown.code, details: OWN[thrown.code] ?? UNKNOWN };
  if (CONNECTION_CODES.test(type)) return { code: 'HANDOFF_DATABASE_UNAVAILABLE', details: NOT_NOW };
  if (type === '40001' || type === '40P01')
    return {
      code: 'HANDOFF_CONCURRENT_CHANGE',
      details: 'The same session was changed by others during the call, which changed nothing. Try again.',
    };
  if (type === '22P05' || type === '22021')
    return {
      code: 'HANDOFF_DATABASE_ENCODING',
      details:
        'The text contains characters that the database encoding cannot store; nothing was changed. The operator can move to a UTF8 database.',
    };
  if (type === '55P03')
    return {
      code: 'HANDOFF_DATABASE_TIMEOUT',
      details: 'Another call held what this one needs for too long; nothing was changed. Try again.',
    };
  if (type === '57014')
    return {
      code: 'HANDOFF_DATABASE_TIMEOUT',
      details: 'The database took too long and the call was cancelled; nothing was changed. Try again.',
    };
  return { code: 'HANDOFF_INTERNAL', details: UNKNOWN };
}

/** A bulkhead refuses statements, and an earlier one of the same call may have been carried out. */
function overload({ data: { reason, retryAfterMs } }: OverloadedError): SafeFailure {
  return reason === 'bulkhead_full' ? { ...notBegun(retryAfterMs), details: CUT_SHORT } : notBegun(retryAfterMs);
}

/** What a call is told that was not begun. Without an error, whose stack would cost a tenth of such an answer. */
export function notBegun(retryAfterMs: number): SafeFailure {
  return { code: OVERLOADED_CODE, details: OVERLOADED, retryAfterMs: Math.ceil(retryAfterMs) };
}

/** The embedded database belongs to the user of this machine, who can act on the process that blocks it. */
function embeddedFailure(code: string, { code: reason, data }: EmbeddedUnavailableError): SafeFailure {
  if (code === 'HANDOFF_DATABASE_UNAVAILABLE') return { code: reason, details: data.remedy };
  return { code, details: `${OWN[code] ?? UNKNOWN} ${data.remedy}` };
}
