import { HandoffError } from './handoffError.js';

/**
 * Why a call was refused: too many wait (`queue_full`) or it waited too long (`queue_timeout`), and nothing was done for it; or too much
 * goes to a dependency at a time (`bulkhead_full`), which a call may meet in the middle.
 */
export type ShedReason = 'queue_full' | 'queue_timeout' | 'bulkhead_full';

/**
 * The server has more work than it can do in time. Unless the reason is `bulkhead_full` it did nothing for this call, and repeating it
 * later is safe. With `bulkhead_full` it did not send one statement; what the call had sent before may have taken effect.
 */
export class OverloadedError extends HandoffError<{ readonly reason: ShedReason; readonly retryAfterMs: number }> {
  override readonly code = 'HANDOFF_OVERLOADED';

  constructor(reason: ShedReason, retryAfterMs: number) {
    const done = reason === 'bulkhead_full' ? 'abandoned this call' : 'did not start this call';
    super(`The server is overloaded (${reason}) and ${done}. Try again in ${Math.ceil(retryAfterMs)} ms or later.`, {
      reason,
      retryAfterMs: Math.ceil(retryAfterMs),
    });
  }
}
