import type { Arena } from './arena.js';

const NEXT = 0;
const SEEN = 1;
/** A difference of squares that is smaller than this share of them is what rounding has left. */
const ROUNDING = 1e-12;

/** What the rows of a window have in common. */
export interface WindowSums {
  readonly rows: number;
  mean: number;
  /** Standard deviation. */
  spread: number;
  /** Mean of as many rows right before the window. */
  meanBefore: number;
  /** Whether there were as many rows, and as many before them. */
  isFull: boolean;
  hasBefore: boolean;
}

/** Means and spreads of the last rows of a series. They are added up anew for each row, since running sums would keep rounding errors. */
export class RecentSums {
  readonly windows: readonly WindowSums[];
  readonly #ring: Float64Array;
  readonly #numbers: Float64Array;

  /** @param windowRows lengths, ascending */
  constructor(arena: Arena, windowRows: readonly number[]) {
    this.windows = windowRows.map((rows) => ({ rows, mean: 0, spread: 0, meanBefore: 0, isFull: false, hasBefore: false }));
    this.#ring = arena.doubles(2 * Math.max(...windowRows));
    this.#numbers = arena.doubles(2);
  }

  push(value: number): void {
    const ring = this.#ring;
    const newest = this.#numbers[NEXT] ?? 0;
    const seen = Math.min(ring.length, (this.#numbers[SEEN] ?? 0) + 1);
    ring[newest] = value;
    this.#numbers[NEXT] = (newest + 1) % ring.length;
    this.#numbers[SEEN] = seen;
    let at = newest;
    let rows = 0;
    let sum = 0;
    let squares = 0;
    for (const window of this.windows) {
      for (; rows < window.rows && rows < seen; rows += 1) {
        const each = ring[at] ?? 0;
        sum += each;
        squares += each * each;
        at = at === 0 ? ring.length - 1 : at - 1;
      }
      window.isFull = seen >= window.rows;
      window.hasBefore = seen >= 2 * window.rows;
      window.mean = sum / rows;
      const variance = squares / rows - window.mean * window.mean;
      window.spread = variance > (ROUNDING * squares) / rows ? Math.sqrt(variance) : 0;
      if (window.hasBefore) window.meanBefore = this.#meanBefore(at, window.rows);
    }
  }

  #meanBefore(newest: number, rows: number): number {
    const ring = this.#ring;
    let at = newest;
    let sum = 0;
    for (let row = 0; row < rows; row += 1) {
      sum += ring[at] ?? 0;
      at = at === 0 ? ring.length - 1 : at - 1;
    }
    return sum / rows;
  }
}
