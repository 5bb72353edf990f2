import { errorCode, errorMessage } from '../../errors/classify.js';

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
  // A Unix socket that does not exist yet: the server, or the owner of the embedded database, is restarting.
  'ENOENT',
]);

const serverGoingOrComing: ReadonlySet<string> = new Set([
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: starting up, shutting down or recovering
  '53300', // too_many_connections
]);

/** Refusals that concern the connection and not the statement, which did not run. */
const unfitConnection: ReadonlySet<string> = new Set([
  '25006', // read_only_sql_transaction: after a failover the connection leads to a standby
  '26000', // invalid_sql_statement_name: a pooler, or a DISCARD ALL, removed the prepared statements
  '42P05', // duplicate_prepared_statement: the pooler assigned a connection on which another client prepared it
]);

/** PostgreSQL's function that refuses a prepared statement whose result columns were changed by a migration (0A000). */
const PLAN_CHECK = 'RevalidateCachedQuery';

/** Of several servers this one only reads; the next attempt goes to another one, or a standby is promoted. */
const NOT_WRITABLE = '25006';

const connectTimeout = 'connection_timeout';
const poolExhausted = 'pool_exhausted';
const passwordMissing = 'password_missing';
const tlsRefused = 'tls_refused';
const parameterRefused = 'startup_parameter_refused';
const poolerFull = 'pooler_full';
const poolerAlone = 'pooler_without_server';
const fileUnreadable = 'tls_file_unreadable';

/** Codes of OpenSSL and of Node's check of certificates. */
const TLS_FAILURE = /^(?:CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|HOSTNAME_MISMATCH|EPROTO|tls_refused)/;

/** What PgBouncer says to clients that waited for a connection to PostgreSQL in vain. */
const POOLER_ALONE = /^(?:query_wait_timeout|server login has been failing|pgbouncer cannot connect to server)/;

/** Returns one low-cardinality word for why a connection failed: a system code, a SQLSTATE, or one of ours. */
export function connectionReason(error: unknown): string {
  const message = errorMessage(error);
  // pg has no codes for these; the texts are pinned by a test against the installed version.
  if (message.includes('connection timeout') || message === 'timeout expired') return connectTimeout;
  if (message.startsWith('timeout exceeded when trying to connect')) return poolExhausted;
  if (message.startsWith('Cannot use a pool after calling end')) return 'closed';
  if (message.startsWith('Connection terminated') || message.includes('not queryable')) return errorCode(error) ?? 'connection_terminated';
  if (message === 'Query read timeout') return 'query_timeout';
  if (message.includes('client password must be a')) return passwordMissing;
  if (message.endsWith('not support SSL connections') || message.endsWith('establishing an SSL connection')) return tlsRefused;
  // The words of PgBouncer, which uses one code (08P01) for all that it refuses.
  if (message.startsWith('unsupported startup parameter')) return parameterRefused;
  if (message.startsWith('no more connections allowed')) return poolerFull;
  if (POOLER_ALONE.test(message)) return poolerAlone;
  // pg reads certificates when it makes a client. A code like ENOENT alone would be that of a socket.
  if (isOfFile(error)) return fileUnreadable;
  return errorCode(error) ?? 'unknown';
}

function isOfFile(error: unknown): boolean {
  return errorCode(error) === 'EISDIR' || (typeof error === 'object' && error !== null && 'syscall' in error && error.syscall === 'open');
}

/** True when a failed attempt to connect may succeed a moment later. A wrong password, host or database name never will. */
export function isTransientConnectFailure(error: unknown): boolean {
  const reason = connectionReason(error);
  if (reason === NOT_WRITABLE) return true;
  if (reason === connectTimeout || reason === 'connection_terminated' || refusedByNetwork.has(reason) || serverGoingOrComing.has(reason))
    return true;
  // Poolers answer this while their server is down or they have no connection available.
  return isOfPooler(reason);
}

function isOfPooler(reason: string): boolean {
  return reason.startsWith('08') || reason === poolerFull || reason === poolerAlone;
}

/** The same for an attempt of which the next goes to another server: the name of one that is gone may be gone with it. */
export function isTransientOfSeveral(error: unknown): boolean {
  return connectionReason(error) === 'ENOTFOUND' || isTransientConnectFailure(error);
}

/** True when a statement failed because its connection died, so that it is unknown whether it took effect. */
export function isBrokenConnection(error: unknown): boolean {
  const reason = connectionReason(error);
  if (reason === 'connection_terminated' || refusedByNetwork.has(reason) || isOfPooler(reason)) return true;
  // From a host's pool with `query_timeout`: the statement is still running, and the next one on this connection waits behind it.
  if (serverGoingOrComing.has(reason) || reason === 'query_timeout') return true;
  // We closed the connection to a suspended owner of the embedded database after something was sent.
  if (reason === 'HANDOFF_EMBEDDED_UNAVAILABLE') return true;
  // The server closes the connection after any FATAL, for example 25P03 (idle in transaction for too long).
  return typeof error === 'object' && error !== null && 'severity' in error && (error.severity === 'FATAL' || error.severity === 'PANIC');
}

/** True when a statement was refused, without effect, because of its connection: on another connection it may succeed. */
export function isUnfitConnection(error: unknown): boolean {
  const code = errorCode(error) ?? '';
  if (code === '0A000') return typeof error === 'object' && error !== null && 'routine' in error && error.routine === PLAN_CHECK;
  return unfitConnection.has(code);
}

/** True when a statement was refused, without effect, because the server currently lacks memory, disk or other resources. */
export function isServerExhausted(error: unknown): boolean {
  return /^53\w{3}$/.test(errorCode(error) ?? '');
}

const adviceByReason: Readonly<Record<string, string>> = {
  [poolExhausted]: 'All pooled connections stayed busy: raise the pool size, or find the statements that hold them.',
  [passwordMissing]:
    'The server requires a password and none was given: add it to DATABASE_URL (postgres://user:password@host/database, with @ : / ? # % in it percent-encoded), or set PGPASSWORD.',
  closed: 'The database was closed: this call came after shutdown began.',
  '28P01': 'The server rejected the credentials: check user and password in DATABASE_URL.',
  '28000':
    'The server does not let this user in from here: check that the user exists and that pg_hba.conf admits it from this machine. A server that demands TLS refuses in this way too: add sslmode=verify-full to DATABASE_URL, and sslrootcert=FILE for an authority of its own.',
  '3D000': 'The database does not exist: create it, or correct its name in DATABASE_URL.',
  '53100': 'The disk of the database server is full: free some space there. Nothing was changed.',
  '53200': 'The server is out of memory: give it more, or lower its load. Nothing was changed.',
  '53300': 'The server has no free connections: lower the pool size or raise max_connections.',
  '25006':
    'The server is read-only, like a standby: point DATABASE_URL at the primary, or wait until one is promoted. Nothing was changed.',
  '26000': 'A pooler does not keep prepared statements: set HANDOFF_PG_PREPARED_STATEMENTS=false. Nothing was changed.',
  '42P05': 'A pooler does not keep prepared statements: set HANDOFF_PG_PREPARED_STATEMENTS=false. Nothing was changed.',
  [parameterRefused]:
    'A pooler refuses the time limits that connections ask for: add statement_timeout,idle_in_transaction_session_timeout to its ignore_startup_parameters.',
  [poolerFull]:
    'The pooler in front of the database takes no more connections: raise its max_client_conn, or lower HANDOFF_PG_POOL_SIZE or the number of processes.',
  [poolerAlone]:
    'A pooler answers, and has no connection to PostgreSQL for this server: look whether PostgreSQL runs and takes connections from the pooler, whether the pooler is paused, and at its default_pool_size. Its log says more.',
  [fileUnreadable]: 'A file that DATABASE_URL names with sslrootcert, sslcert or sslkey cannot be read: correct its path or its rights.',
  ENOTFOUND: 'The host name does not resolve: check the host in DATABASE_URL.',
};

const TLS_ADVICE =
  'Where the server has no TLS, remove sslmode from DATABASE_URL. Where it has, name the certificate of its authority with sslrootcert=FILE, or correct the host name.';

/** Whether the reason is one for which there was no TLS connection. */
export function isTlsFailure(reasonCode: string): boolean {
  return TLS_FAILURE.test(reasonCode);
}

/** Returns what to do about a connection that could not be opened or used, in a sentence or two. Contains no credentials or host names. */
export function connectionAdvice(reasonCode: string): string {
  if (isTlsFailure(reasonCode)) return TLS_ADVICE;
  return adviceByReason[reasonCode] ?? 'Check that the server in DATABASE_URL is running and reachable, then try again.';
}
