import type { Clock } from '../../../time/clock.js';

/** Whether calls can succeed; if not, the reason, without quoting anything. */
export type Readiness = 'ready' | { readonly reason: string };

export interface ReadinessOptions {
  /** Asks the database whether it accepts writes; rejects when it cannot be reached. May hang. */
  readonly isWritable: () => Promise<boolean>;
  readonly clock: Clock;
  /** Longest wait for the database, in milliseconds. */
  readonly timeoutMs: number;
}

/** Answers younger than this are reused: frequent probes must not keep the database busy. */
const FRESH_MS = 1000;
/**
 * Maximum number of hanging checks. Each holds a pool connection while it hangs, so unlimited checks would take them all;
 * but a single one, on a dead connection, would hide that the database is back.
 */
const MAX_HANGING = 2;

/** Reports readiness within `timeoutMs`, whatever the database, its pool or the network do. */
export class ReadinessProbe {
  readonly #options: ReadinessOptions;
  #hanging = 0;
  #running: Promise<Readiness> | undefined;
  #last: { readonly readiness: Readiness; readonly atMs: number } | undefined;
  #isStopping = false;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  /** Reports not ready from now on, so that load balancers send requests elsewhere. */
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
      return (await this.#options.isWritable()) ? 'ready' : { reason: 'the database does not accept writes' };
    } catch {
      return { reason: 'the database cannot be reached' };
    } finally {
      this.#hanging -= 1;
    }
  }
}
