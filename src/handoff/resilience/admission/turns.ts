import { CallCancelledError } from '../../../errors/callCancelledError.js';
import type { Clock } from '../../../time/clock.js';

interface Waiter {
  readonly deadlineMs: number;
  readonly begin: () => void;
  readonly giveUp: () => void;
  isGone: boolean;
}

/**
 * Calls that wait for their turn, the oldest first, each for the same time at most. One sleep for all of them: a timer for each call
 * would cost more than most calls do.
 */
export class Turns {
  readonly #clock: Clock;
  #maxWaitMs: number;
  #changed = new AbortController();
  /** Who goes away keeps a place until it comes to the front, at the latest after the longest wait: taking it out would move all behind. */
  #waiters: (Waiter | undefined)[] = [];
  #first = 0;
  #length = 0;
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
    return this.#length;
  }

  /** Resolves with true when it is the call's turn, and with false when it has waited too long. Rejects when its caller goes away. */
  wait(signal?: AbortSignal): Promise<boolean> {
    if (signal?.aborted === true) return Promise.reject(new CallCancelledError());
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        waiter.isGone = true;
        this.#length -= 1;
        reject(new CallCancelledError());
      };
      const settle = (isTurn: boolean): void => {
        signal?.removeEventListener('abort', leave);
        resolve(isTurn);
      };
      const waiter: Waiter = {
        deadlineMs: this.#clock.monotonicMs() + this.#maxWaitMs,
        begin: () => settle(true),
        giveUp: () => settle(false),
        isGone: false,
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.#waiters.push(waiter);
      this.#length += 1;
      if (!this.#isWatching) void this.#watch();
    });
  }

  /** Lets the oldest begin. */
  next(): void {
    this.#take()?.begin();
  }

  /** The first who is still there. */
  #oldest(): Waiter | undefined {
    while (this.#waiters[this.#first]?.isGone === true) this.#drop();
    return this.#waiters[this.#first];
  }

  #take(): Waiter | undefined {
    const oldest = this.#oldest();
    if (oldest === undefined) return undefined;
    this.#drop();
    this.#length -= 1;
    return oldest;
  }

  #drop(): void {
    this.#waiters[this.#first] = undefined;
    this.#first += 1;
    if (this.#first === this.#waiters.length || this.#first > 1024) {
      this.#waiters = this.#waiters.slice(this.#first);
      this.#first = 0;
    }
  }

  async #watch(): Promise<void> {
    this.#isWatching = true;
    for (let oldest = this.#oldest(); oldest !== undefined; oldest = this.#oldest()) {
      const restMs = oldest.deadlineMs - this.#clock.monotonicMs();
      if (restMs <= 0) this.#take()?.giveUp();
      else await this.#clock.sleep(restMs, { unref: true, signal: this.#changed.signal }).catch(() => undefined);
    }
    this.#isWatching = false;
  }
}
