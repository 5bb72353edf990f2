import { errorMessage } from '../../../errors/classify.js';
import { errorType } from '../../../telemetry/errorType.js';

/** The messages of `pg`'s and `pg-pool`'s own errors. They have no code, and their messages are fixed. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['timeout exceeded when trying to connect', 'timeout'],
  ['Connection terminated due to connection timeout', 'timeout'],
  ['timeout expired', 'timeout'],
  ['Query read timeout', 'timeout'],
  ['Connection terminated', 'connection_terminated'],
  ['Connection terminated unexpectedly', 'connection_terminated'],
  ['Client has encountered a connection error and is not queryable', 'connection_terminated'],
  ['Client was closed and is not queryable', 'client_closed'],
  ['Cannot use a pool after calling end on the pool', 'pool_closed'],
]);

/** `error.type` of a pool that had no free connection in time, or of a server that did not answer. */
export const TIMEOUT = 'timeout';

/** Five capitals starting with E are the name of an errno (`EPIPE`); no class of SQLSTATE starts with E. */
const SQLSTATE = /^(?!E)[0-9A-Z]{5}$/;

/**
 * Returns the `error.type` of a failed query or connection: the SQLSTATE, an errno's name, a word for the driver's own errors, or
 * else the error's class. Never the server's message, which quotes values. Never throws.
 */
export function pgErrorType(thrown: unknown): string {
  return WORDS.get(errorMessage(thrown)) ?? errorType(thrown);
}

/** Returns the SQLSTATE that an `error.type` is, if it is one. */
export function sqlState(type: string): string | undefined {
  return SQLSTATE.test(type) ? type : undefined;
}
