import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '../../../logging/suppression.js';
import type { HealthComponent } from '../../../telemetry/catalogue/health.js';
import type { Clock } from '../../../time/clock.js';
import { CheckRunner } from './checkRunner.js';
import type { HealthCheck } from './finding.js';
import { aged, rollUp } from './report.js';
import type { AgedResult, CheckResult, HealthReport } from './report.js';

export interface HealthRegistryOptions {
  readonly checks: readonly HealthCheck[];
  readonly clock: Clock;
  /** From one look at a healthy part to the next, in milliseconds. */
  readonly intervalMs: number;
  /** The same for one that is not healthy, so that its recovery is told soon. */
  readonly recheckMs: number;
  /** Longest wait for one check. */
  readonly timeoutMs: number;
  /** Called with every result, in order. Must not throw. */
  readonly onResult: (result: CheckResult) => void;
}

/** A result younger than this is not asked for anew: whoever asks often must not keep the parts busy. */
const FRESH_MS = 1000;

/** Looks at the parts of the server by itself and keeps what it found, so that the health can be told at once. */
export class HealthRegistry {
  readonly #options: HealthRegistryOptions;
  readonly #runners: ReadonlyMap<HealthComponent, CheckRunner>;
  readonly #waking = new Map<CheckRunner, AbortController>();
  #stopping = new AbortController();
  #isStarted = false;

  constructor(options: HealthRegistryOptions) {
    this.#options = options;
    this.#runners = new Map(options.checks.map((check) => [check.name, new CheckRunner(check, options)]));
  }

  /** Looks at everything at once and then by intervals, until `stop()`. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#stopping = new AbortController();
    const { signal } = this.#stopping;
    for (const runner of this.#runners.values()) void this.#watch(runner, signal);
  }

  stop(): void {
    this.#isStarted = false;
    this.#stopping.abort(new Error('stopped'));
  }

  /**
   * The kept results, at once; what was never looked at is looked at now, which takes the time limit of a check at most. So is, before
   * `start()`, what would have been looked at again by then.
   */
  async report(): Promise<HealthReport> {
    const due = [...this.#runners.values()].filter((runner) => this.#isDue(runner));
    await Promise.all(due.map((runner) => this.#look(runner)));
    return this.latest();
  }

  #isDue(runner: CheckRunner): boolean {
    if (runner.last === undefined) return true;
    return !this.#isStarted && this.#options.clock.monotonicMs() - runner.last.atMonotonicMs >= this.#pauseAfter(runner);
  }

  #pauseAfter({ last }: CheckRunner): number {
    const { intervalMs, recheckMs } = this.#options;
    return last?.result.status === 'healthy' ? intervalMs : Math.min(recheckMs, intervalMs);
  }

  /** Whether every part was looked at: before that, nobody knows how the whole is. */
  get isComplete(): boolean {
    return [...this.#runners.values()].every(({ last }) => last !== undefined);
  }

  /** The kept results, without those of parts that were never looked at. */
  latest(): HealthReport {
    const report = rollUp(
      [...this.#runners.values()].flatMap((runner) => {
        const result = this.#agedResult(runner);
        return result === undefined ? [] : [result];
      }),
    );
    return { ...report, intervalMs: this.#options.intervalMs };
  }

  /** One part as it is now; a look of the last second is good enough. `undefined` for a part without a check. */
  async check(name: HealthComponent): Promise<AgedResult | undefined> {
    const runner = this.#runners.get(name);
    if (runner === undefined) return undefined;
    if ((this.#agedResult(runner)?.ageMs ?? Infinity) >= FRESH_MS) await this.#look(runner);
    return this.#agedResult(runner);
  }

  /**
   * A call has met with a failure that this part may have caused: it is looked at now. Not if it is known already that it is not healthy,
   * since then it is looked at often, nor if it was looked at within the last second.
   */
  suspect(name: HealthComponent): void {
    const runner = this.#runners.get(name);
    if (runner?.last?.result.status !== 'healthy') return;
    if (this.#options.clock.monotonicMs() - runner.last.atMonotonicMs >= FRESH_MS) this.#waking.get(runner)?.abort(new Error('suspected'));
  }

  #agedResult({ last }: CheckRunner): AgedResult | undefined {
    const { clock, intervalMs } = this.#options;
    return last === undefined ? undefined : aged(last.result, Math.max(0, clock.monotonicMs() - last.atMonotonicMs), intervalMs);
  }

  async #watch(runner: CheckRunner, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#look(runner);
      const waking = new AbortController();
      this.#waking.set(runner, waking);
      const woken = AbortSignal.any([signal, waking.signal]);
      await this.#options.clock.sleep(this.#pauseAfter(runner), { signal: woken, unref: true }).catch(() => undefined);
    }
  }

  /** In no trace: nobody asked for it, and its statements would hide those that somebody did ask for. */
  #look(runner: CheckRunner): Promise<void> {
    return context.with(suppressTracing(ROOT_CONTEXT), () => runner.run());
  }
}
