import { errorCode, errorMessage } from '../errors/classify.js';

const refusedByNetwork: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EAI_AGAIN',
  // A Unix socket that is not there yet: the server, or the owner of the embedded database, is between two lives.
  'ENOENT',
]);

const serverGoingOrComing: ReadonlySet<string> = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting up, shutting down or recovering
  '53300', // too_many_connections
]);

const connectTimeout = 'connection_timeout';
const poolExhausted = 'pool_exhausted';

/** One low-cardinality word for why a connection failed: a system code, a SQLSTATE, or one of our own. */
export function connectionReason(error: unknown): string {
  const message = errorMessage(error);
  // pg has no codes for these; the texts are pinned by a test against the installed version.
  if (message.includes('connection timeout') || message === 'timeout expired') return connectTimeout;
  if (message.startsWith('timeout exceeded when trying to connect')) return poolExhausted;
  if (message.startsWith('Cannot use a pool after calling end')) return 'closed';
  if (message.startsWith('Connection terminated') || message.includes('not queryable')) return errorCode(error) ?? 'connection_terminated';
  return errorCode(error) ?? 'unknown';
}

/** True when a failed attempt to connect may well succeed a moment later. Wrong password, host or database name never will. */
export function isTransientConnectFailure(error: unknown): boolean {
  const reason = connectionReason(error);
  return reason === connectTimeout || reason === 'connection_terminated' || refusedByNetwork.has(reason) || serverGoingOrComing.has(reason);
}

/** True when a statement failed because its connection died, so that nobody knows whether it took effect. */
export function isBrokenConnection(error: unknown): boolean {
  const reason = connectionReason(error);
  if (reason === 'connection_terminated' || refusedByNetwork.has(reason) || reason.startsWith('08')) return true;
  // The connection to an owner of the embedded database that is suspended, cut by us after something was sent.
  if (serverGoingOrComing.has(reason) || reason === 'HANDOFF_EMBEDDED_UNAVAILABLE') return true;
  // The server closes the connection after any FATAL, for example 25P03 (idle in transaction for too long).
  return typeof error === 'object' && error !== null && 'severity' in error && (error.severity === 'FATAL' || error.severity === 'PANIC');
}

/** What to do about a connection that could not be had, in one sentence. Contains no credentials and no host names. */
export function connectionAdvice(reasonCode: string): string {
  if (reasonCode === poolExhausted) return 'All pooled connections stayed busy: raise the pool size, or find the statements that hold them.';
  if (reasonCode === 'closed') return 'The database was closed: this call came after shutdown began.';
  if (reasonCode === '28P01' || reasonCode === '28000') return 'The server rejected the credentials: check user and password in DATABASE_URL.';
  if (reasonCode === '3D000') return 'The database does not exist: create it, or correct its name in DATABASE_URL.';
  if (reasonCode === '53300') return 'The server has no connection left: lower the pool size or raise max_connections.';
  if (reasonCode === 'ENOTFOUND') return 'The host name does not resolve: check the host in DATABASE_URL.';
  return 'Check that the server in DATABASE_URL is running and reachable, then try again.';
}
