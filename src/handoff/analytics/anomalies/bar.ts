import type { Arena } from './arena.js';

/** How long the bar takes to fall, as a share of the rows seen, and at least. */
const FALL_SHARE = 0.15;
const MIN_FALL_ROWS = 100;
const MAX_FALL_ROWS = 3000;
/** By how much something must exceed what has just been. */
const MARGIN = 1;

const HEIGHT = 0;
const AGE_ROWS = 1;
const FALL_ROWS = 2;

/**
 * What a row must exceed to be news. Whatever exceeds the bar raises it above itself; from there it falls back to the ground in a time
 * that is longer the longer the series is known. So an episode is news once, and again only when it gets clearly worse.
 */
export class Bar {
  readonly #numbers: Float64Array;

  constructor(arena: Arena) {
    this.#numbers = arena.doubles(3);
  }

  /** Returns the surprise when it exceeds the bar, otherwise 0. To be called once for each row. */
  pass(surprise: number, rowsSeen: number): number {
    const [height = 0, ageRows = 0, fallRows = 0] = this.#numbers;
    const age = ageRows + 1;
    this.#numbers[AGE_ROWS] = age;
    const bar = age < fallRows ? height * (1 - age / fallRows) : 0;
    if (surprise <= bar) return 0;
    this.#numbers[HEIGHT] = surprise + MARGIN;
    this.#numbers[AGE_ROWS] = 0;
    this.#numbers[FALL_ROWS] = Math.min(MAX_FALL_ROWS, Math.max(MIN_FALL_ROWS, FALL_SHARE * rowsSeen));
    return surprise;
  }

  /** Brings the bar to the ground. */
  lower(): void {
    this.#numbers.fill(0);
  }
}
