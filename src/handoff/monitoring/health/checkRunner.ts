import { DatabaseInterruptedError, DatabaseUnavailableError } from '../../../errors/databaseErrors.js';
import { errorType } from '../../../telemetry/errorType.js';
import type { Clock } from '../../../time/clock.js';
import { degraded, unhealthy } from './finding.js';
import type { Finding, HealthCheck } from './finding.js';
import type { CheckResult } from './report.js';

interface RunnerOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly onResult: (result: CheckResult) => void;
}

interface Kept {
  readonly result: CheckResult;
  readonly atMonotonicMs: number;
}

/** A part that answers, but later than this, is degraded. In milliseconds. */
const SLOW_MS = 1000;

/** Within the last part of the time limit, an answer that arrived while this process stood still is read and still counts. */
const STALL_GRACE_MS = 500;

const FAILED_ADVICE = 'The check itself failed. If it goes on, report it with the version, the error type and the log around it.';

/**
 * Runs one check: at most once at a time, and for its callers at most as long as the time limit. A run that hangs goes on in the
 * background, where it holds what it holds; until it ends no other begins, so that checks cannot use up a pool. What it then comes to
 * is kept as well: it says more than that there was no answer.
 */
export class CheckRunner {
  readonly #check: HealthCheck;
  readonly #options: RunnerOptions;
  #current: Promise<void> | undefined;
  #hangingSinceMs: number | undefined;
  last: Kept | undefined;

  constructor(check: HealthCheck, options: RunnerOptions) {
    this.#check = check;
    this.#options = options;
  }

  /** Resolves when there is a result; callers at the same time share one. Never rejects. */
  async run(): Promise<void> {
    if (this.#hangingSinceMs !== undefined) {
      this.#keep(this.#noAnswer(), this.#options.clock.monotonicMs() - this.#hangingSinceMs);
      return;
    }
    this.#current ??= this.#runOnce().finally(() => {
      this.#current = undefined;
    });
    await this.#current;
  }

  async #runOnce(): Promise<void> {
    const { clock } = this.#options;
    const startMs = clock.monotonicMs();
    const elapsedMs = (): number => clock.monotonicMs() - startMs;
    let isEnded = false;
    const ended = this.#find().then((found) => {
      isEnded = true;
      this.#hangingSinceMs = undefined;
      this.#keep(found.finding, elapsedMs(), found.errorType);
    });
    const waiting = new AbortController();
    await Promise.race([ended, this.#late(waiting.signal).catch(() => undefined)]);
    waiting.abort(new Error('no longer needed'));
    // The time may have run out in the moment in which it ended: then nothing hangs.
    if (isEnded) return;
    this.#hangingSinceMs = startMs;
    this.#keep(this.#noAnswer(), elapsedMs());
  }

  /** Two timers: after a stall the first one comes before the answers that have arrived meanwhile, and the second one after them. */
  async #late(signal: AbortSignal): Promise<void> {
    const { clock, timeoutMs } = this.#options;
    const graceMs = Math.min(STALL_GRACE_MS, timeoutMs / 2);
    await clock.sleep(timeoutMs - graceMs, { signal, unref: true });
    await clock.sleep(graceMs, { signal, unref: true });
  }

  async #find(): Promise<{ readonly finding: Finding; readonly errorType?: string }> {
    try {
      return { finding: await this.#check.run() };
    } catch (thrown) {
      // One fault is told by the check of the database; the parts that are only read from it are then unknown.
      if (thrown instanceof DatabaseUnavailableError || thrown instanceof DatabaseInterruptedError)
        return { finding: degraded('unreachable', this.#check.adviceWhenSlow), errorType: errorType(thrown) };
      return { finding: unhealthy('failed', FAILED_ADVICE), errorType: errorType(thrown) };
    }
  }

  #noAnswer(): Finding {
    return unhealthy('timed_out', this.#check.adviceWhenSlow);
  }

  #keep(found: Finding, latencyMs: number, type?: string): void {
    const { clock, onResult } = this.#options;
    const isSlow = found.status === 'healthy' && latencyMs > SLOW_MS;
    const finding = isSlow ? degraded('slow', this.#check.adviceWhenSlow, found.details) : found;
    const { name, isCritical } = this.#check;
    const result: CheckResult = {
      ...finding,
      name,
      isCritical,
      latencyMs,
      atMs: clock.nowMs(),
      ...(type === undefined ? {} : { errorType: type }),
    };
    this.last = { result, atMonotonicMs: clock.monotonicMs() };
    onResult(result);
  }
}
