/** Bounds of a limit. */
export interface GradientSettings {
  readonly minLimit: number;
  readonly maxLimit: number;
  readonly initialLimit: number;
  /** Delay of the event loop, in milliseconds, above which the limit falls whatever the latency. */
  readonly maxLoopDelayMs: number;
}

/** What was measured in one window of time. */
export interface WindowSample {
  /** Mean duration of the calls that ended, without the time they waited for their turn. */
  readonly meanMs: number;
  /** Most calls that ran at a time. */
  readonly mostInFlight: number;
  /** Whether a call was given up because something took too long. */
  readonly wasDropped: boolean;
  readonly loopDelayMs: number;
}

/** How much slower than usual calls may become before the limit falls. */
const TOLERANCE = 1.5;
/** Weight of a new limit against the one before. */
const SMOOTHING = 0.2;
/** Windows over which the usual latency is averaged. */
const LONG_WINDOWS = 600;
/** The first windows have a plain mean. */
const WARM_UP_WINDOWS = 10;
/** A window halves the limit at most. */
const LEAST_GRADIENT = 0.5;
const DROP_FACTOR = 0.9;

/**
 * Finds how many calls may run at a time, as `Gradient2Limit` of Netflix' concurrency-limits does: while the latency of a window is about
 * what is usual the limit grows by its square root, so that there is always room to find out whether more is possible; when it is more
 * than half as much again, the limit falls in proportion. It stays while fewer than half as many calls run: they do not tell what more
 * would do. Two additions: a call that ran into a time limit, and an event loop that is late, make it fall too.
 *
 * Pure: it knows no clock and no queue.
 */
export class Gradient {
  #settings: GradientSettings;
  #limit: number;
  #usualMs = 0;
  #windows = 0;

  constructor(settings: GradientSettings) {
    this.#settings = settings;
    this.#limit = clamp(settings.initialLimit, settings);
  }

  /** A whole number. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  /** Never goes beyond `maxLimit` from now on. */
  limitTo(maxLimit: number): void {
    this.#settings = { ...this.#settings, maxLimit };
    this.#limit = clamp(this.#limit, this.#settings);
  }

  /** Takes a window into account and returns the new limit. */
  update({ meanMs, mostInFlight, wasDropped, loopDelayMs }: WindowSample): number {
    this.#learn(meanMs);
    const lateness = loopDelayMs > this.#settings.maxLoopDelayMs ? this.#settings.maxLoopDelayMs / loopDelayMs : 1;
    const isAtRest = mostInFlight < this.#limit / 2;
    if (isAtRest && lateness === 1 && !wasDropped) return this.limit;
    const slowness = meanMs > 0 ? Math.min(1, (TOLERANCE * this.#usualMs) / meanMs) : 1;
    const gradient = Math.max(LEAST_GRADIENT, Math.min(slowness, lateness, wasDropped ? DROP_FACTOR : 1));
    const room = gradient === 1 ? Math.max(4, Math.sqrt(this.#limit)) : 0;
    this.#limit = clamp(this.#limit * (1 - SMOOTHING) + SMOOTHING * (this.#limit * gradient + room), this.#settings);
    return this.limit;
  }

  #learn(meanMs: number): void {
    this.#windows += 1;
    const weight = this.#windows <= WARM_UP_WINDOWS ? 1 / this.#windows : 2 / (LONG_WINDOWS + 1);
    this.#usualMs += (meanMs - this.#usualMs) * weight;
    // After a time of load the usual latency is too high, and would let far too much in.
    if (this.#usualMs > 2 * meanMs) this.#usualMs *= 0.95;
  }
}

function clamp(limit: number, { minLimit, maxLimit }: GradientSettings): number {
  return Math.min(maxLimit, Math.max(Math.min(minLimit, maxLimit), limit));
}
