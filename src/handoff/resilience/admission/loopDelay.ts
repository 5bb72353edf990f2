/** Watches the event loop. `read` returns its longest delay since it was last called, in milliseconds. */
export interface LoopDelay {
  readonly read: () => number;
  readonly stop: () => void;
}

const TICK_MS = 50;

/**
 * A timer that notes how late it is. Node's own `monitorEventLoopDelay` forgets, with each reset, the tick from which the next is counted,
 * so that a stall that begins right after a look at it is never seen. Keeps no process alive.
 */
export function watchLoopDelay(): LoopDelay {
  let lastMs = performance.now();
  let longestMs = 0;
  const look = (): void => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs - TICK_MS);
    // What was seen is not to be seen again.
    lastMs = nowMs;
  };
  const timer = setInterval(look, TICK_MS).unref();
  return {
    read: () => {
      // A stall may not have ended: this may run in the first callback after it, before the timer does.
      look();
      const result = longestMs;
      longestMs = 0;
      return result;
    },
    stop: () => clearInterval(timer),
  };
}
