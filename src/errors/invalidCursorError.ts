import { HandoffError } from './handoffError.js';

/** A page cursor that this server did not issue. */
export class InvalidCursorError extends HandoffError {
  override readonly code = 'HANDOFF_INVALID_CURSOR';

  constructor() {
    super('The cursor was not issued by this server. Leave it out to start from the first page.', {});
  }
}
