import type { Arena } from './arena.js';

const BINS = 128;
const BINS_PER_OCTAVE = 4;
const FIRST_BIN = BINS / 2;
/** How far the bins move at once when a value is too large for them. */
const ROOM_BINS = 8;
/** The rarest share of the history, whose shape tells how rare something beyond all of it is. */
const TAIL_SHARE = 0.02;
const TAIL_ROWS = 3;
/** What is believed of the tail's exponent before there are data, and how many rows that belief is worth. */
const PRIOR_EXPONENT = 4;
const PRIOR_ROWS = 5;
/** Above this many rows all counts are halved, so that old behaviour is forgotten in the end. */
const REMEMBERED_ROWS = 20_000;

const COUNT = 0;
const ORIGIN = 1;
const HAS_ORIGIN = 2;

/**
 * Says how rare a value of one statistic is by the statistic's own history: no distribution is assumed, and no unit, since the
 * history is a histogram over logarithms. Beyond the largest values seen, a power law is continued which is fitted to the rarest 2 %.
 */
export class Rareness {
  /** Bin 0 counts values of 0, the others quarters of octaves. */
  readonly #bins: Float32Array;
  readonly #numbers: Float64Array;

  constructor(arena: Arena) {
    this.#bins = arena.floats(BINS);
    this.#numbers = arena.doubles(3);
  }

  /**
   * How surprising the value is, in powers of ten: 3 when one row in a thousand is as large. Counts the value afterwards, so that
   * what happens again surprises less.
   *
   * @param value 0 or more
   */
  surprise(value: number): number {
    const place = value > 0 ? this.#place(Math.log2(value) * BINS_PER_OCTAVE) : 0;
    const surprise = place > 0 && (this.#numbers[COUNT] ?? 0) > 0 ? this.#measure(place) : 0;
    this.#add(Math.floor(place));
    return surprise;
  }

  /** Where the logarithm lies in the bins, with a fraction; moves the bins when it lies above them. */
  #place(quarters: number): number {
    if (this.#numbers[HAS_ORIGIN] !== 1) {
      this.#numbers[HAS_ORIGIN] = 1;
      this.#numbers[ORIGIN] = Math.floor(quarters) - FIRST_BIN;
    }
    const place = quarters - (this.#numbers[ORIGIN] ?? 0);
    if (place < BINS) return Math.max(1, place);
    const shift = Math.floor(place) - BINS + ROOM_BINS;
    this.#moveDown(shift);
    return place - shift;
  }

  #moveDown(shift: number): void {
    const lowest = Math.min(BINS, shift + 2);
    const merged = this.#bins.subarray(1, lowest).reduce((sum, count) => sum + count, 0);
    this.#bins.copyWithin(2, lowest);
    this.#bins.fill(0, 2 + BINS - lowest);
    this.#bins[1] = merged;
    this.#numbers[ORIGIN] = (this.#numbers[ORIGIN] ?? 0) + shift;
  }

  #measure(place: number): number {
    const bins = this.#bins;
    const count = this.#numbers[COUNT] ?? 0;
    const most = Math.max(TAIL_SHARE * count, TAIL_ROWS);
    const own = Math.floor(place);
    let tailRows = 0;
    let tailSum = 0;
    let tailStart = 0;
    let bin = BINS - 1;
    for (; bin > 0; bin -= 1) {
      const rows = bins[bin] ?? 0;
      if (rows === 0) continue;
      if (tailRows > 0 && tailRows + rows > most) break;
      tailRows += rows;
      tailSum += rows * (bin + 0.5);
      tailStart = bin;
    }
    if (tailRows > 0 && own > tailStart) {
      const octaves = (tailSum / tailRows - tailStart) / BINS_PER_OCTAVE;
      const exponent = (tailRows + PRIOR_ROWS) / (tailRows * octaves * Math.LN2 + PRIOR_ROWS / PRIOR_EXPONENT);
      return -Math.log10((tailRows + 1) / (count + 2)) + (exponent * Math.LOG10E * Math.LN2 * (place - tailStart)) / BINS_PER_OCTAVE;
    }
    let above = tailStart > own ? tailRows : 0;
    if (tailStart <= own) bin = BINS - 1;
    for (; bin > own; bin -= 1) above += bins[bin] ?? 0;
    above += (bins[own] ?? 0) * (1 - (place - own));
    return -Math.log10((above + 1) / (count + 2));
  }

  #add(bin: number): void {
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    const count = (this.#numbers[COUNT] ?? 0) + 1;
    this.#numbers[COUNT] = count;
    if (count < REMEMBERED_ROWS) return;
    for (let each = 0; each < BINS; each += 1) this.#bins[each] = (this.#bins[each] ?? 0) / 2;
    this.#numbers[COUNT] = count / 2;
  }
}
