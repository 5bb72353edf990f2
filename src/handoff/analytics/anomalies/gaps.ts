import type { Arena } from './arena.js';
import { Rareness } from './rareness.js';
import { RecentValues } from './recentValues.js';

const INTERVALS = 64;
/** Before this many rows it is not known what a gap is. */
const MIN_INTERVALS = 16;
/** Intervals of up to so many times the usual one are irregular, but no gap. */
const TOLERANCE = 1.5;

const LAST_AT_MS = 0;
const HAS_LAST = 1;
const MISSING_ROWS = 2;

/** Learns how far apart the rows of a series are, and says how rare it is that so many are missing. */
export class Gaps {
  readonly #intervalsMs: RecentValues;
  readonly #numbers: Float64Array;
  readonly #rareness: Rareness;

  constructor(arena: Arena) {
    this.#intervalsMs = new RecentValues(arena, INTERVALS);
    this.#numbers = arena.doubles(3);
    this.#rareness = new Rareness(arena);
  }

  /** The usual interval between rows in milliseconds; `undefined` as long as it is not known. */
  get intervalMs(): number | undefined {
    return this.#intervalsMs.count < MIN_INTERVALS ? undefined : this.#intervalsMs.quantile(0.5);
  }

  /** Time of the last row that moved time on; 0 as long as there was none. */
  get lastAtMs(): number {
    return this.#numbers[LAST_AT_MS] ?? 0;
  }

  /** Rows without a value in succession, up to the last one. */
  get missingRows(): number {
    return this.#numbers[MISSING_ROWS] ?? 0;
  }

  /**
   * Returns the surprise about rows that are missing, by the row itself or between it and the last one.
   *
   * @param isMissing whether the row has no value
   */
  judge(atMs: number, isMissing: boolean): number {
    const skipped = this.#skippedRows(atMs);
    const missing = this.missingRows + skipped + (isMissing ? 1 : 0);
    this.#numbers[MISSING_ROWS] = isMissing ? missing : 0;
    // A gap that was told row by row has been judged row by row.
    return this.#rareness.surprise(isMissing || skipped > 0 ? missing : 0);
  }

  restored(): void {
    this.#intervalsMs.restored();
  }

  /** How many rows would have come since the last one. Times that repeat or go back are irregular, but skip nothing. */
  #skippedRows(atMs: number): number {
    const elapsedMs = atMs - this.lastAtMs;
    const isFirst = this.#numbers[HAS_LAST] !== 1;
    const { intervalMs } = this;
    if (isFirst || elapsedMs > 0) this.#numbers[LAST_AT_MS] = atMs;
    this.#numbers[HAS_LAST] = 1;
    if (isFirst || elapsedMs <= 0) return 0;
    this.#intervalsMs.push(elapsedMs);
    return intervalMs !== undefined && elapsedMs > TOLERANCE * intervalMs ? Math.round(elapsedMs / intervalMs) - 1 : 0;
  }
}
