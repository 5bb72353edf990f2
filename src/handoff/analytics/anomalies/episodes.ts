import type { Arena } from './arena.js';
import { describeView } from './describeView.js';
import type { View } from './describeView.js';

/** An episode is over when so many rows in succession stayed below this share of the threshold. */
export const QUIET_ROWS = 12;
const QUIET_SHARE = 0.8;
/** Above this only one row in ten or twenty is while nothing is wrong, so that episodes end at any sensitivity. */
const MIN_BUSY_LEVEL = 0.28;

const IS_OPEN = 0;
const IS_RUN = 1;
const QUIET = 2;
const STARTED_AT = 3;
const DETECTED_AT = 4;
const BUSY_AT = 5;
const PEAK_AT = 6;
const PEAK_SCORE = 7;
const PEAK_VALUE = 8;
const PEAK_EXPECTED = 9;
const PEAK_LOWER = 10;
const PEAK_UPPER = 11;
const PEAK_VIEW = 12;

/** What is expected of a value; `undefined` as long as nothing is known. */
export interface Expectation {
  readonly expected: number | undefined;
  /** Ends of the band in which 98 of 100 recent values were, around what was expected of them. */
  readonly lower: number | undefined;
  readonly upper: number | undefined;
}

/** The row of an episode with the highest score. `value` is `undefined` when the row had none. */
export interface Peak extends Expectation {
  readonly atMs: number;
  readonly value: number | undefined;
  readonly score: number;
  /** What was most surprising about it. */
  readonly view: View;
}

/** One anomaly from its first to its last row. Times are in milliseconds since 1970. */
export interface Episode {
  /** The first row that was out of the ordinary; not later than `detectedAtMs`. */
  readonly startedAtMs: number;
  readonly detectedAtMs: number;
  /** The last row that was out of the ordinary; `undefined` while the episode lasts. */
  readonly endedAtMs: number | undefined;
  readonly peak: Peak;
}

/** A row as the episodes see it. */
export interface JudgedRow extends Expectation {
  readonly atMs: number;
  readonly value: number;
  /** Score of the row, whatever was before it. */
  readonly level: number;
  /** Score of the row as news: 0 unless it passed the bar. */
  readonly score: number;
  readonly view: number;
}

/**
 * Makes one episode of all rows that belong to one anomaly. Between episodes a run of unusual rows is remembered, so that an episode
 * starts with the first of them. It opens with a row whose score reaches the threshold; what else happens while it is open is part of
 * it.
 */
export class Episodes {
  readonly #numbers: Float64Array;

  constructor(arena: Arena) {
    this.#numbers = arena.doubles(13);
  }

  /** Returns the open episode; or the one that ended with this row, and then with the time of its end; or `undefined`. */
  judge(row: JudgedRow, threshold: number): Episode | undefined {
    const numbers = this.#numbers;
    if (row.level >= Math.max(MIN_BUSY_LEVEL, QUIET_SHARE * threshold)) {
      if (numbers[IS_RUN] !== 1) numbers[STARTED_AT] = row.atMs;
      numbers[IS_RUN] = 1;
      numbers[QUIET] = 0;
      numbers[BUSY_AT] = row.atMs;
    } else numbers[QUIET] = (numbers[QUIET] ?? 0) + 1;
    const isOver = (numbers[QUIET] ?? 0) >= QUIET_ROWS;
    if (row.score >= threshold) this.#raise(row);
    if (isOver) numbers[IS_RUN] = 0;
    if (numbers[IS_OPEN] !== 1) return undefined;
    if (isOver) numbers[IS_OPEN] = 0;
    return this.#episode(isOver);
  }

  /** Ends the open episode without a row that does so. Returns whether there was one. */
  close(): boolean {
    const numbers = this.#numbers;
    if (numbers[IS_OPEN] !== 1) return false;
    numbers[IS_OPEN] = 0;
    numbers[IS_RUN] = 0;
    numbers[QUIET] = 0;
    return true;
  }

  #raise(row: JudgedRow): void {
    const numbers = this.#numbers;
    if (numbers[IS_OPEN] !== 1) numbers[DETECTED_AT] = row.atMs;
    else if (row.score <= (numbers[PEAK_SCORE] ?? 0)) return;
    numbers[IS_OPEN] = 1;
    numbers[PEAK_AT] = row.atMs;
    numbers[PEAK_SCORE] = row.score;
    numbers[PEAK_VALUE] = row.value;
    numbers[PEAK_EXPECTED] = row.expected ?? Number.NaN;
    numbers[PEAK_LOWER] = row.lower ?? Number.NaN;
    numbers[PEAK_UPPER] = row.upper ?? Number.NaN;
    numbers[PEAK_VIEW] = row.view;
  }

  #episode(isOver: boolean): Episode {
    const known = (place: number): number | undefined => {
      const number = this.#numbers[place] ?? Number.NaN;
      return Number.isNaN(number) ? undefined : number;
    };
    const at = (place: number): number => this.#numbers[place] ?? 0;
    return {
      startedAtMs: at(STARTED_AT),
      detectedAtMs: at(DETECTED_AT),
      endedAtMs: isOver ? at(BUSY_AT) : undefined,
      peak: {
        atMs: at(PEAK_AT),
        value: known(PEAK_VALUE),
        score: at(PEAK_SCORE),
        expected: known(PEAK_EXPECTED),
        lower: known(PEAK_LOWER),
        upper: known(PEAK_UPPER),
        view: describeView(at(PEAK_VIEW)),
      },
    };
  }
}
