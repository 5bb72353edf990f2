import { isFault } from './fault.js';
import type { MakeSketch, Sketch } from './sketch.js';

/** What is measured: operations of the services (and of hosts), SQL statements, and operations on the cache. */
export type Subject = 'operation' | 'statement' | 'cache';

/** One run of something. */
export interface Run {
  readonly subject: Subject;
  readonly name: string;
  readonly durationMs: number;
  /** Bounded; absent for a success. */
  readonly errorType?: string | undefined;
  readonly sessionId?: string | undefined;
  /** The span of it, where its trace is kept. */
  readonly traceparent?: string | undefined;
  /** Of a read from the cache. */
  readonly isHit?: boolean | undefined;
}

/** What the runs of one name came to in one interval. */
export interface Summary {
  readonly subject: Subject;
  readonly name: string;
  readonly count: number;
  readonly failures: number;
  /** Those of them that are not for the caller to mend; see `isFault`. */
  readonly faults: number;
  /** Reads of the cache that found something, and that did not; absent for everything else. */
  readonly hits?: number;
  readonly misses?: number;
  readonly sumMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly sketch: string;
}

/** Adds up the runs of one name. */
export class Series {
  readonly #subject: Subject;
  readonly #name: string;
  readonly #sketch: Sketch;
  #count = 0;
  #failures = 0;
  #faults = 0;
  #hits = 0;
  #misses = 0;
  #sumMs = 0;
  #minMs = Infinity;
  #maxMs = 0;

  constructor(subject: Subject, name: string, makeSketch: MakeSketch) {
    this.#subject = subject;
    this.#name = name;
    this.#sketch = makeSketch();
  }

  add({ durationMs, errorType, isHit }: Run): void {
    this.#count += 1;
    if (errorType !== undefined) this.#failures += 1;
    if (isFault(errorType)) this.#faults += 1;
    if (isHit === true) this.#hits += 1;
    if (isHit === false) this.#misses += 1;
    this.#sumMs += durationMs;
    this.#minMs = Math.min(this.#minMs, durationMs);
    this.#maxMs = Math.max(this.#maxMs, durationMs);
    this.#sketch.record(durationMs);
  }

  summary(): Summary {
    return {
      subject: this.#subject,
      name: this.#name,
      count: this.#count,
      failures: this.#failures,
      faults: this.#faults,
      ...(this.#hits + this.#misses === 0 ? {} : { hits: this.#hits, misses: this.#misses }),
      sumMs: rounded(this.#sumMs),
      minMs: rounded(this.#minMs),
      maxMs: rounded(this.#maxMs),
      p50Ms: this.#percentileMs(50),
      p95Ms: this.#percentileMs(95),
      p99Ms: this.#percentileMs(99),
      sketch: this.#sketch.encode(),
    };
  }

  /** A sketch tells the end of a range of durations, which may be longer than any that there was. */
  #percentileMs(percent: number): number {
    return rounded(Math.min(this.#maxMs, Math.max(this.#minMs, this.#sketch.percentileMs(percent))));
  }
}

/** To microseconds: nothing measures more exactly. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
