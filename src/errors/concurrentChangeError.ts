import { HandoffError } from './handoffError.js';

/** Other callers kept changing the same session while a call tried to. The call changed nothing and can be repeated. */
export class ConcurrentChangeError extends HandoffError<{ readonly operation: string; readonly tries: number }> {
  override readonly code = 'HANDOFF_CONCURRENT_CHANGE';

  constructor(operation: string, tries: number) {
    super(`${operation}: the session was changed by others during each of ${tries} tries and nothing was written. Try again.`, {
      operation,
      tries,
    });
  }
}
