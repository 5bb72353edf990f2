import { diag } from '@opentelemetry/api';
import type { Clock } from '../../time/clock.js';
import { isOverWithin } from '../../time/within.js';
import { shareFlushes } from './flushSharing.js';
import type { Outlet } from './outlet.js';

export interface Flushes {
  /** Sends everything. Bounded; never rejects. */
  readonly flush: () => Promise<void>;
  /**
   * Does the same at process exit, but gives up sooner on an unreachable receiver. Resolves with `false` when not everything
   * was answered in time.
   */
  readonly flushAtExit: () => Promise<boolean>;
}

/** Flushes all outlets together, for at most `timeoutMs`. */
export function createFlushes(
  outlets: readonly Pick<Outlet<unknown, unknown>, 'flush' | 'setHurried'>[],
  timeoutMs: number,
  clock: Clock,
): Flushes {
  const flushWithin = async (leftMs: number): Promise<boolean> => {
    const finished = await isOverWithin(leftMs, Promise.all(outlets.map((outlet) => outlet.flush())));
    if (!finished) diag.warn(`telemetry was not delivered within ${timeoutMs} ms`);
    return finished;
  };
  const hurry = (isHurried: boolean): void => {
    for (const outlet of outlets) outlet.setHurried(isHurried);
  };
  // The end of stdin, a signal and `shutdown()` may follow each other closely: the first to finish must not slow the rest down.
  let hurried = 0;
  const flushAtExit = async (): Promise<boolean> => {
    hurried += 1;
    hurry(true);
    const finished = await flushWithin(timeoutMs);
    hurried -= 1;
    if (hurried === 0) hurry(false);
    return finished;
  };
  return { flush: shareFlushes(flushWithin, timeoutMs, clock), flushAtExit };
}
