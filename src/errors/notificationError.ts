import { HandoffError } from './handoffError.js';

/** Alertmanager or a webhook did not take an alert. The address is not in it: it may hold a password. */
export class NotificationError extends HandoffError<{
  readonly target: string;
  /** Status of the answer; absent when there was none. */
  readonly status?: number;
  /** Whether the same request may be taken later. */
  readonly isPassing: boolean;
}> {
  override readonly code = 'HANDOFF_NOTIFICATION';

  constructor(
    target: string,
    failure: { readonly status?: number; readonly reason: string; readonly isPassing: boolean },
    cause?: unknown,
  ) {
    const { status, reason, isPassing } = failure;
    super(
      `The ${target} did not accept an alert (${reason}). Check its address, its credentials, and whether it can be reached from here.`,
      { target, isPassing, ...(status === undefined ? {} : { status }) },
      { cause },
    );
  }
}
