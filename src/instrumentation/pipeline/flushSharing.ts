import type { Clock } from '../../time/clock.js';

/** Maximum number of concurrent flushes. More accumulate only while a receiver hangs and a host flushes all the time. */
const MAX_UNDER_WAY = 16;

/**
 * Limits the number of concurrent flushes: further ones share one that begins when another ends, and so still sends everything
 * made before. No caller waits longer than `timeoutMs`.
 *
 * @param flush ends within the time it is given, in milliseconds; never rejects
 */
export function shareFlushes(flush: (timeoutMs: number) => Promise<unknown>, timeoutMs: number, clock: Clock): () => Promise<void> {
  let underWay = 0;
  let next: { readonly done: Promise<void>; readonly begin: () => void } | undefined;

  const start = async (leftMs: number): Promise<void> => {
    underWay += 1;
    await flush(leftMs);
    underWay -= 1;
    next?.begin();
  };
  const share = (): Promise<void> => {
    const endMs = clock.monotonicMs() + timeoutMs;
    const { promise, resolve } = Promise.withResolvers<void>();
    const begin = (): void => {
      next = undefined;
      resolve(start(Math.max(0, endMs - clock.monotonicMs())));
    };
    next = { done: promise, begin };
    return promise;
  };
  return () => (underWay < MAX_UNDER_WAY ? start(timeoutMs) : (next?.done ?? share()));
}
