import { HandoffError } from './handoffError.js';

/**
 * Why a call was refused before any work was done for it: too many wait, it waited too long, or too much goes to a dependency at a time.
 */
export type ShedReason = 'queue_full' | 'queue_timeout' | 'bulkhead_full';

/** The server has more work than it can do in time, and refused this call before it did anything. Repeating it later is safe. */
export class OverloadedError extends HandoffError<{ readonly reason: ShedReason; readonly retryAfterMs: number }> {
  override readonly code = 'HANDOFF_OVERLOADED';

  constructor(reason: ShedReason, retryAfterMs: number) {
    super(`The server is overloaded (${reason}) and did not begin this call. Try again in ${Math.ceil(retryAfterMs)} ms or later.`, {
      reason,
      retryAfterMs: Math.ceil(retryAfterMs),
    });
  }
}
