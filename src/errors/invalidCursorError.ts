import { HandoffError } from './handoffError.js';

/** A page cursor that this server did not make. */
export class InvalidCursorError extends HandoffError {
  override readonly code = 'HANDOFF_INVALID_CURSOR';

  constructor() {
    super('The cursor is not one this server gave out. Leave it out to start from the first page.', {});
  }
}
