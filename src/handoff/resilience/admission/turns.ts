import type { Clock } from '../../../time/clock.js';

interface Waiter {
  readonly deadlineMs: number;
  readonly begin: () => void;
  readonly giveUp: () => void;
}

/**
 * Calls that wait for their turn, the oldest first, each for the same time at most. One sleep for all of them: a timer for each call
 * would cost more than most calls do.
 */
export class Turns {
  readonly #clock: Clock;
  #maxWaitMs: number;
  #changed = new AbortController();
  #waiters: (Waiter | undefined)[] = [];
  #first = 0;
  #isWatching = false;

  constructor(clock: Clock, maxWaitMs: number) {
    this.#clock = clock;
    this.#maxWaitMs = maxWaitMs;
  }

  /** Those who come from now on wait so long at most. */
  limitWait(maxWaitMs: number): void {
    this.#maxWaitMs = maxWaitMs;
    // Whoever sleeps until the end of a longer wait looks again.
    this.#changed.abort(new Error('changed'));
    this.#changed = new AbortController();
  }

  get length(): number {
    return this.#waiters.length - this.#first;
  }

  /** Resolves with true when it is the call's turn, and with false when it has waited too long. */
  wait(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiters.push({
        deadlineMs: this.#clock.monotonicMs() + this.#maxWaitMs,
        begin: () => resolve(true),
        giveUp: () => resolve(false),
      });
      if (!this.#isWatching) void this.#watch();
    });
  }

  /** Lets the oldest begin. */
  next(): void {
    this.#take()?.begin();
  }

  #take(): Waiter | undefined {
    const waiter = this.#waiters[this.#first];
    if (waiter === undefined) return undefined;
    this.#waiters[this.#first] = undefined;
    this.#first += 1;
    if (this.#first === this.#waiters.length || this.#first > 1024) {
      this.#waiters = this.#waiters.slice(this.#first);
      this.#first = 0;
    }
    return waiter;
  }

  async #watch(): Promise<void> {
    this.#isWatching = true;
    for (let oldest = this.#waiters[this.#first]; oldest !== undefined; oldest = this.#waiters[this.#first]) {
      const restMs = oldest.deadlineMs - this.#clock.monotonicMs();
      if (restMs <= 0) this.#take()?.giveUp();
      else await this.#clock.sleep(restMs, { unref: true, signal: this.#changed.signal }).catch(() => undefined);
    }
    this.#isWatching = false;
  }
}
