import { HandoffError } from '../errors/handoffError.js';

/** `waitFor` gave up. `cause` is what the predicate last threw, if it threw. */
export class TelemetryTimeoutError extends HandoffError<{ readonly waitedMs: number }> {
  readonly code = 'HANDOFF_TELEMETRY_TIMEOUT';

  constructor(why: string, waitedMs: number, received: string, cause?: unknown) {
    const last = cause instanceof Error ? `\nThe predicate last threw: ${cause.message}` : '';
    super(`${why}\nReceived so far:\n${received}${last}`, { waitedMs }, cause === undefined ? {} : { cause });
  }
}
