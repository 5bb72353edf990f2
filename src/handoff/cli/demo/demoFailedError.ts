import { HandoffError } from '../../../errors/handoffError.js';

/** Thrown when the demo sees something that must not happen; the message says what. */
export class DemoFailedError extends HandoffError {
  override readonly code = 'HANDOFF_DEMO_FAILED';

  constructor(problem: string) {
    super(`${problem}. The cause is a bug in handoff-otel or this machine's setup: please report it with the output above.`, {});
  }
}
