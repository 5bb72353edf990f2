import type { Clock } from '../../time/clock.js';

/** Whether calls can succeed; if not, why, in words that quote nothing. */
export type Readiness = 'ready' | { readonly reason: string };

export interface ReadinessOptions {
  /** Asks the database whether it takes writes; rejects when it cannot be asked. May hang. */
  readonly isWritable: () => Promise<boolean>;
  readonly clock: Clock;
  /** Longest wait for the database, milliseconds. */
  readonly timeoutMs: number;
}

/** Younger answers are given again: whoever asks more often must not keep the database busy. */
const FRESH_MS = 1000;
/**
 * Questions that may hang at once. Each holds a connection of the pool for as long as it hangs, so that asking on and on
 * would take all; but a single one, on a connection that is dead, would hide that the database is back.
 */
const MAX_HANGING = 2;

/** Readiness that answers within `timeoutMs`, whatever the database, its pool or the network do. */
export class ReadinessProbe {
  readonly #options: ReadinessOptions;
  #hanging = 0;
  #running: Promise<Readiness> | undefined;
  #last: { readonly readiness: Readiness; readonly atMs: number } | undefined;
  #isStopping = false;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  /** From now on not ready: who sends requests here is to send them elsewhere. */
  stop(): void {
    this.#isStopping = true;
  }

  async check(): Promise<Readiness> {
    if (this.#isStopping) return { reason: 'the server is stopping' };
    const { clock } = this.#options;
    if (this.#last !== undefined && clock.monotonicMs() - this.#last.atMs < FRESH_MS) return this.#last.readiness;
    this.#running ??= this.#ask().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #ask(): Promise<Readiness> {
    const { clock, timeoutMs } = this.#options;
    const readiness =
      this.#hanging < MAX_HANGING ? await Promise.race([this.#askDatabase(), clock.sleep(timeoutMs, { unref: true })]) : undefined;
    const settled = readiness ?? { reason: `the database has not answered within ${timeoutMs} ms` };
    this.#last = { readiness: settled, atMs: clock.monotonicMs() };
    return settled;
  }

  async #askDatabase(): Promise<Readiness> {
    this.#hanging += 1;
    try {
      return (await this.#options.isWritable()) ? 'ready' : { reason: 'the database takes no writes' };
    } catch {
      return { reason: 'the database cannot be reached' };
    } finally {
      this.#hanging -= 1;
    }
  }
}
