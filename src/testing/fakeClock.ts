import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { Clock } from '../time/clock.js';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** A Clock that moves only when told to. The wall clock and the monotonic clock are separate, as on a real machine. */
export class FakeClock implements Clock {
  #wallMs: number;
  #elapsedMs = 0;
  #sleepers: readonly Sleeper[] = [];

  /** @param startMs Wall clock at the start, milliseconds since the epoch. Default 2026-01-01T00:00:00Z. The monotonic one starts at 0. */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#wallMs = startMs;
  }

  /** How many `sleep` calls are waiting. */
  get sleeping(): number {
    return this.#sleepers.length;
  }

  nowMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  async sleep(durationMs: number, options: { readonly signal?: AbortSignal; readonly unref?: boolean } = {}): Promise<void> {
    const { signal } = options;
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        signal?.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        leave();
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        dueMs: this.#elapsedMs + Math.max(0, durationMs),
        wake: () => {
          leave();
          resolve();
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#sleepers = [...this.#sleepers, sleeper];
    });
  }

  /**
   * Moves both clocks forward, waking sleepers in the order they are due, each at its own time. What a sleeper does
   * next runs before time moves on, so one `advance(1000)` drives a loop that sleeps 100 ms at a time through ten rounds.
   * Throws RangeError for a negative duration.
   */
  async advance(durationMs: number): Promise<void> {
    if (!(durationMs >= 0))
      throw new RangeError(`durationMs must be 0 or more, got ${String(durationMs)}. Use setWallClock to move the wall clock back.`);
    const targetMs = this.#elapsedMs + durationMs;
    await yieldToEventLoop(); // Code started just before may not have reached its sleep() yet.
    for (let next = this.#nextDue(targetMs); next !== undefined; next = this.#nextDue(targetMs)) {
      this.#moveTo(Math.max(next.dueMs, this.#elapsedMs));
      next.wake();
      await yieldToEventLoop();
    }
    this.#moveTo(targetMs);
  }

  /** Sets the wall clock alone, as a time server or an operator does; durations and sleeps are not affected. */
  setWallClock(nowMs: number): void {
    this.#wallMs = nowMs;
  }

  #moveTo(elapsedMs: number): void {
    this.#wallMs += elapsedMs - this.#elapsedMs;
    this.#elapsedMs = elapsedMs;
  }

  #nextDue(targetMs: number): Sleeper | undefined {
    return this.#sleepers
      .filter((sleeper) => sleeper.dueMs <= targetMs)
      .reduce<Sleeper | undefined>((first, sleeper) => (first === undefined || sleeper.dueMs < first.dueMs ? sleeper : first), undefined);
  }
}
