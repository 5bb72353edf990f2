import { HandoffError } from './handoffError.js';

/** Something other than `instrument()`, which never throws, was called on a version of Node that this package does not support. */
export class UnsupportedNodeError extends HandoffError<{ readonly version: string }> {
  override readonly code = 'HANDOFF_UNSUPPORTED_NODE';

  constructor(requirement: string, version: string) {
    super(`handoff-otel ${requirement}. Install a newer version from https://nodejs.org.`, { version });
  }
}
