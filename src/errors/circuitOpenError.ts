import { HandoffError } from './handoffError.js';

/** Something that this process depends on failed so often that it is not asked for a while. Nothing was sent. */
export class CircuitOpenError extends HandoffError<{ readonly dependency: string; readonly retryAfterMs: number }> {
  override readonly code = 'HANDOFF_CIRCUIT_OPEN';

  constructor(dependency: string, retryAfterMs: number, cause?: unknown) {
    super(
      `The ${dependency} failed several times in a row and is given ${Math.ceil(retryAfterMs)} ms to recover. Nothing was sent. Look at the failures before this one.`,
      { dependency, retryAfterMs: Math.ceil(retryAfterMs) },
      { cause },
    );
  }
}
