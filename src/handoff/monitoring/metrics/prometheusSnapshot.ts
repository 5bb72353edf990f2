import type { Clock } from '../../../time/clock.js';

/** The metrics of the process as text, as they were when they were last collected: for callers who cannot wait. */
export class PrometheusSnapshot {
  readonly #collect: (() => Promise<string>) | undefined;
  readonly #clock: Clock;
  #isCollecting = false;
  #last: { readonly text: string; readonly atMs: number } | undefined;

  constructor(collect: (() => Promise<string>) | undefined, clock: Clock) {
    this.#collect = collect;
    this.#clock = clock;
  }

  /** Never rejects: the snapshot before stays, and its age shows. One collection at a time. */
  async take(): Promise<void> {
    if (this.#collect === undefined || this.#isCollecting) return;
    this.#isCollecting = true;
    try {
      const text = await this.#collect();
      this.#last = { text, atMs: this.#clock.monotonicMs() };
    } catch {
      // Told by its age.
    } finally {
      this.#isCollecting = false;
    }
  }

  /** A comment that is neither HELP nor TYPE is skipped by whoever reads the format. */
  text(): string {
    if (this.#last === undefined) return '# No metrics have been collected yet.\n';
    return `# Collected ${Math.round(this.#clock.monotonicMs() - this.#last.atMs)} ms ago.\n${this.#last.text}`;
  }
}
