import type { Clock } from '../../../time/clock.js';

/** Measures how much of a core the process took from one look to the next. */
export class CpuMeter {
  readonly #micros: () => number;
  readonly #clock: Clock;
  #before: { readonly micros: number; readonly atMs: number };

  constructor(micros: () => number, clock: Clock) {
    this.#micros = micros;
    this.#clock = clock;
    this.#before = { micros: micros(), atMs: clock.monotonicMs() };
  }

  /** Percent of one core, of several up to 100 each; 0 if no time has passed. */
  look(): number {
    const now = { micros: this.#micros(), atMs: this.#clock.monotonicMs() };
    const elapsedMs = now.atMs - this.#before.atMs;
    const usage = elapsedMs === 0 ? 0 : (now.micros - this.#before.micros) / 10 / elapsedMs;
    this.#before = now;
    return usage;
  }
}
