import type { Clock } from '../time/clock.js';
import { TelemetryTimeoutError } from './telemetryTimeoutError.js';

type Check = { readonly done: true; readonly value: unknown } | { readonly done: false; readonly cause?: unknown };

interface Waiter {
  /** True once settled. */
  check(): boolean;
  cancel(why: string): void;
}

/** The pending `waitFor` calls of one receiver. */
export class Waiters {
  readonly #waiting = new Set<Waiter>();
  readonly #clock: Clock;
  readonly #describe: () => string;

  /** `describe` describes what has arrived, for the error of a wait that fails. */
  constructor(clock: Clock, describe: () => string) {
    this.#clock = clock;
    this.#describe = describe;
  }

  /** See OtlpReceiver.waitFor. */
  async wait(predicate: () => unknown, timeoutMs: number): Promise<unknown> {
    const first = evaluate(predicate);
    if (first.done) return first.value;
    const timer = new AbortController();
    const startedMs = this.#clock.monotonicMs();
    return await new Promise<unknown>((resolve, reject) => {
      const settle = (): void => {
        this.#waiting.delete(waiter);
        timer.abort();
      };
      const waiter: Waiter = {
        check: () => {
          const now = evaluate(predicate);
          if (!now.done) return false;
          settle();
          resolve(now.value);
          return true;
        },
        cancel: (why) => {
          const last = evaluate(predicate);
          settle();
          const cause = last.done ? undefined : last.cause;
          reject(new TelemetryTimeoutError(why, this.#clock.monotonicMs() - startedMs, this.#describe(), cause));
        },
      };
      this.#waiting.add(waiter);
      this.#clock.sleep(timeoutMs, { signal: timer.signal }).then(
        () => {
          if (!waiter.check()) waiter.cancel(`The expected telemetry did not arrive within ${String(timeoutMs)} ms.`);
        },
        () => undefined, // Aborted: the wait is already settled.
      );
    });
  }

  /** Makes every waiter check again. */
  notify(): void {
    for (const waiter of [...this.#waiting]) waiter.check();
  }

  cancelAll(why: string): void {
    for (const waiter of [...this.#waiting]) waiter.cancel(why);
  }
}

function evaluate(predicate: () => unknown): Check {
  try {
    const value = predicate();
    return value === undefined || value === null || value === false ? { done: false } : { done: true, value };
  } catch (cause) {
    return { done: false, cause };
  }
}
