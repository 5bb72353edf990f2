import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../../../logging/suppression.js';
import type { Clock } from '../../../time/clock.js';

/** Does something at once and then by an interval, in no trace and without keeping the process alive. What takes longer delays the next. */
export class Repeated {
  readonly #clock: Clock;
  readonly #intervalMs: () => number;
  readonly #work: () => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  #stopping: AbortController | undefined;

  /**
   * @param intervalMs asked before each pause
   * @param onFailure called when the work rejects; it is done again after the interval all the same. Must not throw
   */
  constructor(clock: Clock, intervalMs: () => number, work: () => Promise<void>, onFailure: (error: unknown) => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#work = work;
    this.#onFailure = onFailure;
  }

  start(): void {
    if (this.#stopping !== undefined) return;
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    void context.with(suppressTracing(ROOT_CONTEXT), () => this.#run(signal));
  }

  /** Returns whether it had been started. */
  stop(): boolean {
    const wasStarted = this.#stopping !== undefined;
    this.#stopping?.abort(new Error('stopped'));
    this.#stopping = undefined;
    return wasStarted;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // A rejection that nobody handles would end the process.
      await this.#work().catch(this.#onFailure);
      await this.#clock.sleep(this.#intervalMs(), { signal, unref: true }).catch(() => undefined);
    }
  }
}
