import { HandoffError } from './handoffError.js';

/** A line on stdin is longer than the server accepts. The server cannot know where the line ends, so the connection cannot continue. */
export class MessageTooLargeError extends HandoffError<{ readonly limitBytes: number; readonly receivedBytes: number }> {
  override readonly code = 'HANDOFF_MESSAGE_TOO_LARGE';

  constructor(limitBytes: number, receivedBytes: number) {
    super(
      `A message on stdin is too large: ${receivedBytes} bytes of it had arrived, and the limit is ${limitBytes}. Send less in one message, or raise HANDOFF_MAX_CONTENT_BYTES or HANDOFF_MAX_METADATA_BYTES: the limit is six times their sum, and at least 10 MiB.`,
      { limitBytes, receivedBytes },
    );
  }
}
