import { setTimeout as delay } from 'node:timers/promises';

/** Time as a parameter: production code takes one of these instead of reading the machine's clock. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. May jump; never subtract two of these for a duration. */
  nowMs(): number;
  /** Monotonic clock, milliseconds with sub-millisecond fraction; the only source of durations. */
  monotonicMs(): number;
  /** Resolves after `durationMs`, or rejects with the signal's reason when aborted. Does not keep the process alive when `unref` is set. */
  sleep(durationMs: number, options?: { readonly signal?: AbortSignal; readonly unref?: boolean }): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: async (durationMs, { signal, unref } = {}) => {
    try {
      await delay(durationMs, undefined, { ref: unref !== true, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      // Node rejects with its own AbortError; callers compare with the reason they gave.
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
};
