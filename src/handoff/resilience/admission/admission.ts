import { OverloadedError } from '../../../errors/overloadedError.js';
import type { ShedReason } from '../../../errors/overloadedError.js';
import type { Clock } from '../../../time/clock.js';
import { isTooSlow } from '../outages.js';
import { Gradient } from './gradient.js';
import { Turns } from './turns.js';

export interface AdmissionSettings {
  /** The limit is never below this, unless `maxConcurrent` is. Default 16; fewer than there are connections would leave some unused. */
  readonly minConcurrent?: number;
  /** Most calls that run at a time. */
  readonly maxConcurrent: number;
  /** Whether the limit follows what is measured. Otherwise it is `maxConcurrent`. */
  readonly isAdaptive: boolean;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

export interface AdmissionDependencies {
  readonly clock: Clock;
  /** Uniform in [0, 1); only used for the jitter of what callers are told. */
  readonly random: () => number;
  /** The longest delay of the event loop since the last call, in milliseconds. */
  readonly loopDelayMs: () => number;
  /** Called for each call that was refused. */
  readonly onShed: (reason: ShedReason) => void;
}

/** What runs and waits at the moment. */
export interface AdmissionStatus {
  readonly limit: number;
  readonly running: number;
  readonly waiting: number;
}

const MIN_LIMIT = 16;
const INITIAL_LIMIT = 64;
const MAX_LOOP_DELAY_MS = 200;
/** The limit moves once in this time, if enough calls have ended. */
const WINDOW_MS = 250;
const WINDOW_CALLS = 10;
const LEAST_RETRY_MS = 100;
const MOST_RETRY_MS = 10_000;

/**
 * Decides which calls begin, before any work is done for them: so many at a time as the server can finish without getting slower; so
 * many more may wait a moment; the rest are told when to come back. Without it, a server that gets more than it can do finishes nothing
 * in time, for every call waits behind all others in the pool of connections.
 */
export class Admission {
  #settings: AdmissionSettings;
  readonly #deps: AdmissionDependencies;
  readonly #gradient: Gradient;
  readonly #turns: Turns;
  #limit: number;
  #running = 0;
  // The window that is being measured.
  #windowStartMs: number;
  #ended = 0;
  #totalMs = 0;
  #mostRunning = 0;
  #wasDropped = false;
  /** Of the last window. */
  #meanMs = 0;

  constructor(settings: AdmissionSettings, deps: AdmissionDependencies) {
    const { minConcurrent = MIN_LIMIT, maxConcurrent, isAdaptive, maxWaitMs } = settings;
    this.#settings = settings;
    this.#deps = deps;
    this.#gradient = new Gradient({
      minLimit: minConcurrent,
      maxLimit: maxConcurrent,
      initialLimit: Math.max(INITIAL_LIMIT, minConcurrent),
      maxLoopDelayMs: MAX_LOOP_DELAY_MS,
    });
    this.#limit = isAdaptive ? this.#gradient.limit : maxConcurrent;
    this.#turns = new Turns(deps.clock, maxWaitMs);
    this.#windowStartMs = deps.clock.monotonicMs();
  }

  /** Admits by other settings from now on; the least limit stays. Calls that wait already keep the time they were given. */
  configure(settings: AdmissionSettings): void {
    this.#settings = settings;
    this.#gradient.limitTo(settings.maxConcurrent);
    this.#turns.limitWait(settings.maxWaitMs);
    this.#limit = settings.isAdaptive ? this.#gradient.limit : settings.maxConcurrent;
    this.#letIn();
  }

  /** The least that the limit can fall to; `undefined` where it cannot move. */
  get floor(): number | undefined {
    const { minConcurrent = MIN_LIMIT, maxConcurrent, isAdaptive } = this.#settings;
    return isAdaptive && minConcurrent < maxConcurrent ? minConcurrent : undefined;
  }

  status(): AdmissionStatus {
    return { limit: this.#limit, running: this.#running, waiting: this.#turns.length };
  }

  /** How many calls may be here at a time: those that run, and those that wait. */
  room(): number {
    return this.#limit + this.#settings.maxWaiting;
  }

  /** Counts a call that never came here, because there was no room where it arrived. Returns after how many milliseconds to come back. */
  refuse(): number {
    this.#deps.onShed('queue_full');
    return this.#retryAfterMs();
  }

  /**
   * Runs a call when it is its turn. Rejects as `work` does, or with `OverloadedError` without having run it.
   *
   * @param isMeasured false for a call whose duration says nothing about the load, such as one that waits for a job
   */
  async run<T>(work: () => Promise<T>, isMeasured = true): Promise<T> {
    if (this.#running >= this.#limit || this.#turns.length > 0) await this.#waitForTurn();
    else this.#running += 1;
    if (this.#running > this.#mostRunning) this.#mostRunning = this.#running;
    const startMs = this.#deps.clock.monotonicMs();
    try {
      const result = await work();
      if (isMeasured) this.#measure(startMs);
      return result;
    } catch (error) {
      this.#noteFailure(error, isMeasured);
      throw error;
    } finally {
      this.#running -= 1;
      if (this.#turns.length > 0) this.#letIn();
    }
  }

  async #waitForTurn(): Promise<void> {
    if (this.#turns.length >= this.#settings.maxWaiting) throw this.#shed('queue_full');
    if (!(await this.#turns.wait())) throw this.#shed('queue_timeout');
  }

  /** Who is let in counts as running from here on: between this and its first step others may ask. */
  #letIn(): void {
    while (this.#running < this.#limit && this.#turns.length > 0) {
      this.#running += 1;
      this.#turns.next();
    }
  }

  #shed(reason: ShedReason): OverloadedError {
    this.#deps.onShed(reason);
    return new OverloadedError(reason, this.#retryAfterMs());
  }

  #retryAfterMs(): number {
    // How long those who wait will take; callers who come back all at once would be refused again.
    const restMs = (this.#meanMs * (this.#turns.length + this.#running)) / this.#limit;
    const spreadMs = Math.max(restMs, LEAST_RETRY_MS) * (1 + this.#deps.random());
    return Math.min(MOST_RETRY_MS, spreadMs);
  }

  #measure(startMs: number): void {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#ended += 1;
    this.#totalMs += nowMs - startMs;
    if (this.#ended >= WINDOW_CALLS && nowMs - this.#windowStartMs >= WINDOW_MS) this.#endWindow(nowMs);
  }

  #noteFailure(error: unknown, isMeasured: boolean): void {
    if (error instanceof OverloadedError) this.#deps.onShed(error.data.reason);
    else if (isMeasured && isTooSlow(error)) this.#wasDropped = true;
  }

  #endWindow(nowMs: number): void {
    this.#meanMs = this.#totalMs / this.#ended;
    const loopDelayMs = this.#deps.loopDelayMs();
    if (this.#settings.isAdaptive) {
      this.#limit = this.#gradient.update({
        meanMs: this.#meanMs,
        mostInFlight: this.#mostRunning,
        wasDropped: this.#wasDropped,
        loopDelayMs,
      });
      this.#letIn();
    }
    this.#windowStartMs = nowMs;
    this.#ended = 0;
    this.#totalMs = 0;
    this.#mostRunning = this.#running;
    this.#wasDropped = false;
  }
}
