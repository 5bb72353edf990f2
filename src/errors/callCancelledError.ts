import { HandoffError } from './handoffError.js';

/** The caller cancelled the call, or closed its connection, while the call waited for its turn. Nothing was done for it. */
export class CallCancelledError extends HandoffError<Record<never, never>> {
  override readonly code = 'HANDOFF_CALL_CANCELLED';

  constructor() {
    super('The caller went away before the call began, so it was not begun. There is nothing to do.', {});
  }
}
