import { OverloadedError } from '../../../errors/overloadedError.js';
import type { ShedReason } from '../../../errors/overloadedError.js';
import type { Clock } from '../../../time/clock.js';
import { isTooSlow } from '../outages.js';
import { Gradient } from './gradient.js';
import { OpenTurn, runInTurn } from './turn.js';
import type { Turn, TurnEnds } from './turn.js';
import { Turns } from './turns.js';

export interface AdmissionSettings {
  /** The limit is never below this, unless `maxConcurrent` is; with fewer than connections, some are unused. Default `LEAST_CONCURRENT`. */
  readonly minConcurrent?: number;
  /** Most calls that run at a time. */
  readonly maxConcurrent: number;
  /** Whether the limit follows what is measured. Otherwise it is `maxConcurrent`. */
  readonly isAdaptive: boolean;
  readonly maxWaiting: number;
  /** A call that has waited so long is refused. No more wait than are expected to begin within a quarter of it. */
  readonly maxWaitMs: number;
}

/** What is known of a call before it begins. */
export interface CallOptions {
  /** False for a call whose duration says nothing about the load, such as one that waits for a job. Default true. */
  readonly isMeasured?: boolean;
  /** Aborted when the caller goes away: a call that waits is not begun then. */
  readonly signal?: AbortSignal | undefined;
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

/** Enough for calls to share statements: with half as many a server did a third less at twice its load (decision 0089). */
export const LEAST_CONCURRENT = 32;
const INITIAL_LIMIT = 64;
const MAX_LOOP_DELAY_MS = 200;
/** Of the longest wait. The rest is for what nobody expects, such as a failover: a queue always as long as calls can bear is lost time. */
const EXPECTED_SHARE = 0.25;
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
  readonly #measured: TurnEnds;
  readonly #unmeasured: TurnEnds;
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
    const { minConcurrent = LEAST_CONCURRENT, maxConcurrent, isAdaptive, maxWaitMs } = settings;
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
    const over = (): void => this.#over();
    this.#measured = { done: (startMs) => this.#measure(startMs), failed: (error) => this.#noteFailure(error, true), over };
    this.#unmeasured = { done: () => undefined, failed: (error) => this.#noteFailure(error, false), over };
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
    const { minConcurrent = LEAST_CONCURRENT, maxConcurrent, isAdaptive } = this.#settings;
    return isAdaptive && minConcurrent < maxConcurrent ? minConcurrent : undefined;
  }

  status(): AdmissionStatus {
    return { limit: this.#limit, running: this.#running, waiting: this.#turns.length };
  }

  /** Whether a call that comes now can begin or wait. */
  get hasRoom(): boolean {
    return this.#hasPlace || this.#turns.length < this.#mostWaiting;
  }

  /** Counts a call that never came here, because there was no room where it arrived. Returns after how many milliseconds to come back. */
  refuse(): number {
    this.#deps.onShed('queue_full');
    return this.#retryAfterMs();
  }

  /**
   * Runs a call when it is its turn. Rejects as `work` does, or without having run it with `OverloadedError`, and with
   * `CallCancelledError` when its caller has gone away.
   */
  async run<T>(work: () => Promise<T>, options: CallOptions = {}): Promise<T> {
    const turn = this.enter(options);
    return runInTurn(turn instanceof Promise ? await turn : turn, work);
  }

  /** Begins a call, at once where there is a place for it. Rejects as `run` does without having run. Whoever gets the turn must end it. */
  enter(options: CallOptions = {}): Turn | Promise<Turn> {
    const ends = options.isMeasured === false ? this.#unmeasured : this.#measured;
    if (!this.#hasPlace) return this.#waitForTurn(ends, options.signal);
    this.#running += 1;
    return this.#begin(ends);
  }

  get #hasPlace(): boolean {
    return this.#running < this.#limit && this.#turns.length === 0;
  }

  /** As many as are expected to begin soon enough, as things went in the last window. */
  get #mostWaiting(): number {
    const { maxWaiting, maxWaitMs } = this.#settings;
    if (this.#meanMs === 0) return maxWaiting;
    return Math.min(maxWaiting, Math.ceil((EXPECTED_SHARE * maxWaitMs * this.#limit) / this.#meanMs));
  }

  async #waitForTurn(ends: TurnEnds, signal: AbortSignal | undefined): Promise<Turn> {
    if (this.#turns.length >= this.#mostWaiting) throw this.#shed('queue_full');
    if (!(await this.#turns.wait(signal))) throw this.#shed('queue_timeout');
    return this.#begin(ends);
  }

  #begin(ends: TurnEnds): Turn {
    if (this.#running > this.#mostRunning) this.#mostRunning = this.#running;
    return new OpenTurn(ends, this.#deps.clock.monotonicMs());
  }

  #over(): void {
    this.#running -= 1;
    if (this.#turns.length > 0) this.#letIn();
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
