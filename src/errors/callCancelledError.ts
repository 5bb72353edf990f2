import { HandoffError } from './handoffError.js';

/** The caller cancelled the call, or closed its connection, while the call waited for its turn or read files. It has changed nothing. */
export class CallCancelledError extends HandoffError<Record<never, never>> {
  override readonly code = 'HANDOFF_CALL_CANCELLED';

  constructor() {
    super(
      'The caller cancelled the call or disconnected before the call had changed anything, so it was abandoned. There is nothing to do.',
      {},
    );
  }
}
