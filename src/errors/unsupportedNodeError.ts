import { HandoffError } from './handoffError.js';

/** Something other than `instrument()`, which stays quiet, was asked of a version of Node that this package does not run on. */
export class UnsupportedNodeError extends HandoffError<{ readonly version: string }> {
  override readonly code = 'HANDOFF_UNSUPPORTED_NODE';

  constructor(requirement: string, version: string) {
    super(`handoff-otel ${requirement}. Install a newer one from https://nodejs.org.`, { version });
  }
}
