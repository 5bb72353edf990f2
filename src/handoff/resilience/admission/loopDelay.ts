import { createHistogram } from 'node:perf_hooks';

/** How late the event loop was. */
export interface LoopLateness {
  /** The longest delay, in milliseconds. */
  readonly longestMs: number;
  /** The 99th percentile of all looks, in milliseconds; absent when none was due. */
  readonly p99Ms?: number;
}

/** Watches the event loop of this thread, by one timer for all who want to know. */
export interface LoopDelay {
  /** Begins a reading, for one who asks again and again. */
  readonly reading: () => LoopReading;
  readonly stop: () => void;
}

export interface LoopReading {
  /** About the time since it was last called. */
  readonly take: () => LoopLateness;
  readonly end: () => void;
}

const TICK_MS = 50;
const MICROS_PER_MS = 1000;

/**
 * A timer that notes how late it is. Node's own `monitorEventLoopDelay` forgets, with each reset, the tick from which the next is counted,
 * so that a stall that begins right after a look at it is never seen. Keeps no process alive.
 */
export function watchLoopDelay(): LoopDelay {
  const readings = new Set<Reading>();
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const lateMs = performance.now() - lastMs - TICK_MS;
    lastMs = performance.now();
    for (const reading of readings) reading.note(lateMs);
  }, TICK_MS).unref();
  /** A stall may not have ended: whoever asks may be the first callback after it, before the timer is. */
  const noteUnfinished = (): void => {
    const lateMs = performance.now() - lastMs - TICK_MS;
    if (lateMs <= 0) return;
    // The timer, which is due, counts from here, and so no stall is told twice.
    lastMs += lateMs;
    for (const reading of readings) reading.note(lateMs);
  };
  return {
    reading: () => {
      const reading = new Reading();
      readings.add(reading);
      return {
        take: () => {
          noteUnfinished();
          return reading.take();
        },
        end: () => void readings.delete(reading),
      };
    },
    stop: () => clearInterval(timer),
  };
}

/** What was noted since it was last taken. */
class Reading {
  /** In microseconds, from 1. */
  readonly #lateness = createHistogram({ figures: 2 });
  #longestMs = 0;

  note(lateMs: number): void {
    this.#longestMs = Math.max(this.#longestMs, lateMs);
    this.#lateness.record(Math.max(1, Math.round(lateMs * MICROS_PER_MS)));
  }

  take(): LoopLateness {
    const lateness: LoopLateness = {
      longestMs: this.#longestMs,
      // The histogram tells the end of a range, which may be later than any timer was.
      ...(this.#lateness.count === 0 ? {} : { p99Ms: Math.min(this.#longestMs, this.#lateness.percentile(99) / MICROS_PER_MS) }),
    };
    this.#longestMs = 0;
    this.#lateness.reset();
    return lateness;
  }
}
