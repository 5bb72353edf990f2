import { HandoffError } from '../../../errors/handoffError.js';

/** The demo saw something it must not see; the message says what. */
export class DemoFailedError extends HandoffError {
  override readonly code = 'HANDOFF_DEMO_FAILED';

  constructor(problem: string) {
    super(`${problem}. This is a fault of handoff-otel or of this machine's set-up: please report it with the output above.`, {});
  }
}
