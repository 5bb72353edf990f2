/** Interval of the check for calls that wait without an answer, in milliseconds. */
const intervalMs = 1000;

/** What the check observes. */
export interface OwnerWatchOptions {
  /** How long calls may wait for a suspended owner, in milliseconds. */
  readonly suspendedLimitMs: number;
  /** How long they may wait for one that sends nothing at all, in milliseconds; longer than any statement may run. */
  readonly silentLimitMs: number;
  /** Whether any call waits. */
  readonly isWaitedFor: () => boolean;
  /** Grows with everything the owner sends. */
  readonly bytesHeard: () => number;
  readonly isSuspended: () => boolean;
  /** Must fail the waiting calls. */
  readonly giveUp: (waitedMs: number) => void;
}

/**
 * Fails the calls that wait for an owner that does not answer. The kernel keeps the connections of a suspended process
 * open and accepts what is sent to it, so nothing else would ever end them.
 *
 * Counts checks instead of reading a clock: a process that was suspended itself, with its whole job or the machine, must
 * not blame the owner for the time when neither was running. Costs an idle process a timer, a busy one a sum.
 *
 * @returns a function that stops the check
 */
export function watchOwner(options: OwnerWatchOptions, everyMs: number = intervalMs): () => void {
  let lastBytes = 0;
  let silentLooks = 0;
  let suspendedLooks = 0;
  const look = (): void => {
    const bytes = options.bytesHeard();
    const quiet = options.isWaitedFor() && bytes === lastBytes;
    lastBytes = bytes;
    silentLooks = quiet ? silentLooks + 1 : 0;
    suspendedLooks = quiet && options.isSuspended() ? suspendedLooks + 1 : 0;
    if (suspendedLooks * everyMs < options.suspendedLimitMs && silentLooks * everyMs < options.silentLimitMs) return;
    options.giveUp(silentLooks * everyMs);
    silentLooks = 0;
    suspendedLooks = 0;
  };
  const timer = setInterval(look, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
