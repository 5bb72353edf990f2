import { SLOW_STATEMENT_MS } from '../../../telemetry/catalogue/measurements.js';
import { VALUE_OTHER } from '../../../telemetry/semconv.js';
import { Series } from './series.js';
import type { Run, Subject, Summary } from './series.js';
import type { MakeSketch } from './sketch.js';

/** A single run that was slow or failed. */
export interface Sample extends Run {
  readonly kind: 'slow' | 'failed';
  /** By the monotonic clock. */
  readonly atMs: number;
}

/** What was measured from one moment to another. */
export interface Interval {
  readonly startMs: number;
  /** By the monotonic clock. */
  readonly endMs: number;
  readonly summaries: readonly Summary[];
  readonly samples: readonly Sample[];
  /** Slow and failed runs beyond those that are kept. */
  readonly samplesOmitted: number;
}

/** All runs since the start. */
export interface Totals {
  readonly count: number;
  readonly sumMs: number;
}

/** A run that takes longer is kept as a row. In milliseconds. */
const SLOW_MS: Readonly<Record<Subject, number>> = { operation: 2000, statement: SLOW_STATEMENT_MS, cache: 250 };
const MAX_SAMPLES = 200;
/** Runs before the library is loaded, which takes a moment and may never happen. */
const MAX_EARLY = 1000;
/** More names than our code has; hosts may add some. */
const MAX_SERIES = 400;
const LONGEST_NAME = 100;

/**
 * Adds up every run, in memory of bounded size: a histogram for each name, and the first of those that were slow or failed. `take()`
 * ends an interval. Never throws.
 */
export class Recorder {
  readonly #nowMs: () => number;
  readonly #totals = new Map<Subject, { count: number; sumMs: number }>();
  #makeSketch: MakeSketch | undefined;
  #isOff = false;
  #early: Run[] = [];
  #series = new Map<string, Series>();
  #samples: Sample[] = [];
  #samplesOmitted = 0;
  #startMs: number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  /** Begins to make histograms, also of what was recorded before. */
  use(makeSketch: MakeSketch): void {
    this.#makeSketch = makeSketch;
    for (const run of this.#early) this.#summarise(run, makeSketch);
    this.#early = [];
  }

  /** There will be no histograms: keeps nothing but totals. */
  turnOff(): void {
    this.#isOff = true;
    this.#early = [];
  }

  record(run: Run): void {
    // Hosts bring runs too, and one that cannot be added up would make all others of the interval so.
    if (typeof run.name !== 'string' || !Number.isFinite(run.durationMs)) return;
    const totals = this.#totals.get(run.subject) ?? { count: 0, sumMs: 0 };
    totals.count += 1;
    totals.sumMs += run.durationMs;
    this.#totals.set(run.subject, totals);
    if (this.#makeSketch !== undefined) this.#summarise(run, this.#makeSketch);
    else if (!this.#isOff && this.#early.length < MAX_EARLY) this.#early.push(run);
  }

  totals(subject: Subject): Totals {
    return this.#totals.get(subject) ?? { count: 0, sumMs: 0 };
  }

  take(): Interval {
    const endMs = this.#nowMs();
    const interval: Interval = {
      startMs: this.#startMs,
      endMs,
      summaries: [...this.#series.values()].map((series) => series.summary()),
      samples: this.#samples,
      samplesOmitted: this.#samplesOmitted,
    };
    this.#startMs = endMs;
    this.#series = new Map();
    this.#samples = [];
    this.#samplesOmitted = 0;
    return interval;
  }

  #summarise(run: Run, makeSketch: MakeSketch): void {
    const name = run.name.slice(0, LONGEST_NAME);
    this.#seriesOf(run.subject, name, makeSketch).add(run);
    const kind = run.errorType !== undefined ? 'failed' : run.durationMs > SLOW_MS[run.subject] ? 'slow' : undefined;
    if (kind === undefined) return;
    if (this.#samples.length < MAX_SAMPLES) this.#samples.push({ ...run, name, kind, atMs: this.#nowMs() });
    else this.#samplesOmitted += 1;
  }

  #seriesOf(subject: Subject, name: string, makeSketch: MakeSketch): Series {
    const known = this.#series.get(`${subject} ${name}`);
    if (known !== undefined) return known;
    if (this.#series.size >= MAX_SERIES && name !== VALUE_OTHER) return this.#seriesOf(subject, VALUE_OTHER, makeSketch);
    const series = new Series(subject, name, makeSketch);
    this.#series.set(`${subject} ${name}`, series);
    return series;
  }
}
