import { HandoffError } from './handoffError.js';

/** No folder is configured whose files may be analysed. Nothing was read. */
export class CodebaseRootsMissingError extends HandoffError<Record<string, never>> {
  override readonly code = 'HANDOFF_CODEBASE_ROOTS_MISSING';

  constructor() {
    super(
      'This server may not read any files. Its operator can set HANDOFF_CODEBASE_ROOTS to the folders whose files agents may analyse.',
      {},
    );
  }
}

/** As many calls are being analysed as the server takes at a time. Nothing was read; the call can be repeated. */
export class CodebaseBusyError extends HandoffError<{ readonly calls: number }> {
  override readonly code = 'HANDOFF_CODEBASE_BUSY';

  constructor(calls: number) {
    super(`The server is already analysing the files of ${calls} calls. Try again in a few seconds.`, { calls });
  }
}
