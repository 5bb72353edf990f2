import { HandoffError } from '../errors/handoffError.js';

/** The receiver refuses this request; `status` is the HTTP status it answers with. */
export class ReceiverRefusal extends HandoffError<{ readonly status: number }> {
  readonly code = 'HANDOFF_RECEIVER_REFUSAL';

  constructor(status: number, message: string, options?: { readonly cause?: unknown }) {
    super(message, { status }, options);
  }
}
