import type { Jobs } from './jobs.js';

/** What runs by itself, as far as it is begun and ended here. */
export interface BackgroundParts {
  readonly jobs: Pick<Jobs, 'start' | 'stop'>;
  readonly lifecycle: { sweepAtStart(signal: AbortSignal): Promise<unknown>; watchLag(signal: AbortSignal): Promise<unknown> };
  readonly retention: { watchStorage(signal: AbortSignal): Promise<unknown> };
  readonly analytics: { watchLag(signal: AbortSignal): Promise<unknown> };
  readonly monitoring: { start(): void; stop(): Promise<void> };
}

export interface BackgroundOptions {
  /** Whether this process takes part in jobs and sweeps. */
  readonly isEnabled: boolean;
  /** Called when everything has ended. */
  readonly onStopped: () => void;
}

export interface BackgroundWork {
  /**
   * Begins the work that nobody asks for: checks of health, scheduled jobs, a sweep of what is due now, and the measuring of storage.
   * Returns at once and loads pg-boss afterwards; a server calls it when it has answered for the first time. Never throws.
   */
  start(): void;
  /**
   * Ends it. Jobs under way have `graceMs` to end, by default 1000, which is the least; close the storage afterwards.
   *
   * @param drained settles when no call is under way any more: until then health is told and calls are measured. Default: at once
   */
  stop(graceMs?: number, drained?: Promise<unknown>): Promise<void>;
}

const DEFAULT_STOP_MS = 1000;

/** What runs by itself, on the caller's word. */
export function backgroundWork(parts: BackgroundParts, { isEnabled, onStopped }: BackgroundOptions): BackgroundWork {
  const { jobs, lifecycle, retention, monitoring, analytics } = parts;
  const stopping = new AbortController();
  let sweeping: Promise<unknown> | undefined;
  let watching: Promise<unknown> | undefined;
  return {
    start: () => {
      monitoring.start();
      jobs.start();
      watching ??= Promise.all([retention.watchStorage(stopping.signal), analytics.watchLag(stopping.signal)]);
      if (isEnabled) sweeping ??= Promise.all([lifecycle.sweepAtStart(stopping.signal), lifecycle.watchLag(stopping.signal)]);
    },
    stop: async (graceMs = DEFAULT_STOP_MS, drained = Promise.resolve()) => {
      stopping.abort();
      await Promise.all([
        jobs.stop(graceMs),
        sweeping,
        watching,
        drained.then(
          () => monitoring.stop(),
          () => monitoring.stop(),
        ),
      ]);
      onStopped();
    },
  };
}
