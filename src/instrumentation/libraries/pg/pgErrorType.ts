import { errorMessage } from '../../../errors/classify.js';
import { errorType } from '../../../telemetry/errorType.js';

/** What `pg` and `pg-pool` themselves fail with. They give no code, and what they say is fixed. */
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

/** `error.type` of a pool that had no connection free in time, or a server that did not answer. */
export const TIMEOUT = 'timeout';

/** Five capitals starting with E are the name of an errno (`EPIPE`); no class of SQLSTATE starts with E. */
const SQLSTATE = /^(?!E)[0-9A-Z]{5}$/;

/**
 * `error.type` of a failed query or connection: the SQLSTATE, an errno's name, a word for what the driver reports itself,
 * else the error's class. Never what the server said, which quotes values. Never throws.
 */
export function pgErrorType(thrown: unknown): string {
  return WORDS.get(errorMessage(thrown)) ?? errorType(thrown);
}

/** The SQLSTATE an `error.type` is, if it is one. */
export function sqlState(type: string): string | undefined {
  return SQLSTATE.test(type) ? type : undefined;
}
