import { DatabaseInterruptedError, DatabaseUnavailableError } from '../../errors/databaseErrors.js';
import { errorCode, errorMessage } from '../../errors/classify.js';
import { isRedisReply } from '../../telemetry/guard/redisErrorType.js';

/**
 * Failures of which a circuit breaker takes note: those that say that a dependency is away or does not answer. What it refuses, it has
 * answered: a wrong statement, a full disk or a missing object of one call must not keep the others from it.
 */

/** Not sent for reasons that lie in this process, or that concern only some statements of a server that answers. */
const ANSWERED_OR_OURS = /^(?:closed|password_missing|circuit_open|25006|26000|42P05|0A000|53[124]\w\w)$/;

/** The server did not answer for as long as a statement may take. */
const SILENCE = /^(?:ETIMEDOUT|query_timeout)$/;

/**
 * No connection could be made for as long as the pool tries, or no answer came. Not:
 * - a connection that broke, for the pool makes another: a restart of two seconds should delay calls and not fail them;
 * - a statement that was cancelled after its time (57014) or could not have its lock (55P03), which is how one session that somebody
 *   locked looks.
 *
 * An exhausted pool counts: a server that is frozen looks like that once its connections are taken, and where the pool is only too small,
 * a call that gets through now and then keeps the breaker closed.
 */
export function isDatabaseOutage(error: unknown): boolean {
  if (error instanceof DatabaseInterruptedError) return SILENCE.test(error.data.reasonCode);
  return error instanceof DatabaseUnavailableError && !ANSWERED_OR_OURS.test(error.data.reasonCode);
}

/**
 * Whether a statement that only reads may be sent once more: its connection broke, and the next may not. Not after a silence, which has
 * used up the time of the call already; connections that could not be made were tried again by the pool.
 */
export function isRepeatableRead(error: unknown): boolean {
  if (!(error instanceof DatabaseInterruptedError)) return false;
  const { reasonCode } = error.data;
  return !SILENCE.test(reasonCode) && !reasonCode.startsWith('HANDOFF_');
}

/** No connection in time, no answer in time, or a statement that PostgreSQL cancelled after its time. */
const TOO_SLOW = /^(?:pool_exhausted|connection_timeout|ETIMEDOUT|query_timeout|57014)$/;

/**
 * Whether a call was given up because the database took too long. Not when it had to wait for a lock, lost to a rival or found a job
 * running: those concern one session or one job, and say nothing of how much the database can do.
 */
export function isTooSlow(error: unknown): boolean {
  const isOurs = error instanceof DatabaseInterruptedError || error instanceof DatabaseUnavailableError;
  return TOO_SLOW.test(isOurs ? error.data.reasonCode : (errorCode(error) ?? ''));
}

/** Words of Redis that mean that this server cannot serve anything at the moment. */
const NOT_SERVING = /^(?:LOADING|MASTERDOWN|CLUSTERDOWN|READONLY|TRYAGAIN|BUSY) /;

/** A command without an answer, or an answer that every command would get. */
export function isCacheOutage(error: unknown): boolean {
  return !isRedisReply(error) || NOT_SERVING.test(errorMessage(error));
}

const REFUSED_BY_STORE = new Set([
  'ENOSPC',
  'EDQUOT',
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'EISDIR',
  'ENOTDIR',
  'ENAMETOOLONG',
  'EEXIST',
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'CredentialsProviderError',
  'NoSuchBucket',
  'NoSuchKey',
  'NotFound',
]);

/** Anything but a refusal: those are answered at once, and say what to do. */
export function isArchiveOutage(error: unknown): boolean {
  return !REFUSED_BY_STORE.has(errorCode(error) ?? (error instanceof Error ? error.name : ''));
}

/** What a file system on a network, or a process that has many files open, gets over in a moment. S3's client repeats by itself. */
const PASSING = new Set(['EAGAIN', 'EBUSY', 'EMFILE', 'ENFILE', 'ESTALE', 'EINTR']);

export function isPassingFileFailure(error: unknown): boolean {
  return PASSING.has(errorCode(error) ?? '');
}
