import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type * as Cockatiel from 'cockatiel';
import { CircuitOpenError } from '../../errors/circuitOpenError.js';
import { OverloadedError } from '../../errors/overloadedError.js';
import { suppressTracing } from '../../logging/suppression.js';
import type { Clock } from '../../time/clock.js';
import type { BreakerChange, BreakerState, Dependency } from './breakerReports.js';

/** The library that the policies are made of; passed in, because it is an optional package. */
export type CockatielModule = typeof Cockatiel;

/** How one dependency is protected. */
export interface GuardSettings {
  readonly dependency: Dependency;
  /** See outages.ts. */
  readonly isOutage: (error: unknown) => boolean;
  /** Whether reading once more may help. Default: it never does. */
  readonly isRepeatable?: (error: unknown) => boolean;
  /** As many outages in a row, with no success in between, open the breaker. */
  readonly outagesToOpen: number;
  /** Pause before the first probe, on average; later ones are up to `maxPauseMs` apart. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
  /** A probe without an answer counts as failed after this time. */
  readonly probeTimeoutMs: number;
  /** Work beyond this many at a time is refused. */
  readonly maxConcurrent: number;
}

export interface GuardDependencies {
  readonly cockatiel: CockatielModule;
  readonly clock: Clock;
  /** Uniform in [0, 1); only used for the jitter of probes. */
  readonly random: () => number;
  readonly onChange: (change: BreakerChange) => void;
  /** Called for each call that the open breaker refused. Must not throw. */
  readonly onRefused?: (dependency: Dependency) => void;
  /** Ends the probing. */
  readonly signal: AbortSignal;
}

/** A read that failed is repeated twice: most get through at the first repetition. */
const REPETITIONS = 2;
const FIRST_REPETITION_MS = 50;
const LATEST_REPETITION_MS = 500;
/** What to tell a caller who meets a full bulkhead: it empties as fast as its calls end. */
const BULKHEAD_RETRY_MS = 250;

/**
 * The policies of one dependency, composed once: a bulkhead around a circuit breaker, and a retry around both for reads.
 *
 * While the breaker is open nothing is sent and every call is refused at once. A probe, and not the call of an agent, finds out
 * whether the dependency is back: a call may be slow for reasons of its own, and all others would wait for its end; and without
 * traffic nobody would find out at all. Cockatiel measures how long a breaker has been open by the wall clock, which may jump back and
 * keep it open for hours, so its own pause is set to none and the one here is by the monotonic clock.
 */
export class DependencyGuard {
  readonly #settings: GuardSettings;
  readonly #deps: GuardDependencies;
  readonly #probe: () => Promise<unknown>;
  readonly #breaker: Cockatiel.CircuitBreakerPolicy;
  readonly #policy: Cockatiel.IPolicy;
  readonly #repeating: Cockatiel.RetryPolicy | undefined;
  readonly #probing: Cockatiel.IPolicy;
  #state: BreakerState = 'closed';
  #lastError: unknown;
  #pauseMs = 0;
  #untilMs = 0;

  constructor(settings: GuardSettings, deps: GuardDependencies, probe: () => Promise<unknown>) {
    const { cockatiel } = deps;
    this.#settings = settings;
    this.#deps = deps;
    this.#probe = probe;
    this.#breaker = cockatiel.circuitBreaker(
      cockatiel.handleWhen((error) => error instanceof cockatiel.TaskCancelledError || settings.isOutage(error)),
      { breaker: new cockatiel.ConsecutiveBreaker(settings.outagesToOpen), halfOpenAfter: -Infinity },
    );
    this.#policy = cockatiel.wrap(cockatiel.bulkhead(settings.maxConcurrent, 0), this.#breaker);
    const backoff = new cockatiel.ExponentialBackoff({
      generator: cockatiel.decorrelatedJitterGenerator,
      initialDelay: FIRST_REPETITION_MS,
      maxDelay: LATEST_REPETITION_MS,
    });
    const { isRepeatable } = settings;
    this.#repeating =
      isRepeatable === undefined ? undefined : cockatiel.retry(cockatiel.handleWhen(isRepeatable), { maxAttempts: REPETITIONS, backoff });
    this.#probing = cockatiel.wrap(this.#breaker, cockatiel.timeout(settings.probeTimeoutMs, cockatiel.TimeoutStrategy.Aggressive));
    this.#breaker.onBreak((reason) => this.#opened(reason));
    this.#breaker.onHalfOpen(() => this.#become('half_open'));
    this.#breaker.onReset(() => this.#become('closed'));
  }

  get state(): BreakerState {
    return this.#state;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#state !== 'closed') throw this.#refusal();
    try {
      return await this.#policy.execute(work);
    } catch (error) {
      throw error instanceof this.#deps.cockatiel.BulkheadRejectedError ? new OverloadedError('bulkhead_full', BULKHEAD_RETRY_MS) : error;
    }
  }

  async read<T>(work: () => Promise<T>): Promise<T> {
    return this.#repeating === undefined ? this.run(work) : this.#repeating.execute(() => this.run(work));
  }

  #refusal(): CircuitOpenError {
    this.#deps.onRefused?.(this.#settings.dependency);
    const restMs = Math.max(this.#untilMs - this.#deps.clock.monotonicMs(), this.#settings.pauseMs / 2);
    return new CircuitOpenError(this.#settings.dependency, restMs, this.#lastError);
  }

  #opened(reason: Cockatiel.FailureReason<unknown> | { isolated: true }): void {
    const wasProbing = this.#state === 'half_open';
    this.#lastError = 'error' in reason ? reason.error : undefined;
    const { pauseMs, maxPauseMs } = this.#settings;
    // Decorrelated jitter: replicas that lost the same server do not come back to it in step.
    const ceilingMs = wasProbing ? Math.min(maxPauseMs, 3 * this.#pauseMs) : 1.5 * pauseMs;
    this.#pauseMs = pauseMs / 2 + this.#deps.random() * (ceilingMs - pauseMs / 2);
    this.#untilMs = this.#deps.clock.monotonicMs() + this.#pauseMs;
    this.#become('open', wasProbing ? undefined : this.#lastError);
    if (!wasProbing) context.with(suppressTracing(ROOT_CONTEXT), () => void this.#probeUntilClosed());
  }

  async #probeUntilClosed(): Promise<void> {
    const { clock, signal } = this.#deps;
    while (this.#state !== 'closed' && !signal.aborted) {
      await clock.sleep(this.#pauseMs, { signal, unref: true }).catch(() => undefined);
      if (!signal.aborted) await this.#probing.execute(this.#probe).catch(() => undefined);
    }
  }

  #become(state: BreakerState, error?: unknown): void {
    const from = this.#state;
    this.#state = state;
    const { dependency } = this.#settings;
    this.#deps.onChange({ dependency, from, state, ...(error === undefined ? {} : { error }) });
  }
}
