import type { Arena } from './arena.js';

const ERROR_RATE = 0.003;
const NOWHERE = -1;

const ERROR = 0;
const BIN = 1;
const ROWS = 2;
const VALUES = 3;
const RANKS = 4;

export interface ProfileShape {
  readonly periodMs: number;
  /** Into how many equal parts the period is cut. */
  readonly bins: number;
  /** In how many earlier periods a part must have had rows before the profile says what it expects there. */
  readonly minPeriods: number;
  /** How much one period counts against those before, once there were many. */
  readonly rate: number;
}

/**
 * What a series is at each part of a period, by what it was there in earlier periods. A part counts once for each period, when the series
 * leaves it, so that it does not matter how many rows it has.
 */
export class Profile {
  readonly #shape: ProfileShape;
  readonly #ranks: Float64Array;
  readonly #values: Float64Array;
  readonly #periods: Float32Array;
  /** The error, and what was added up of the part of the period in which the series is. */
  readonly #numbers: Float64Array;

  constructor(arena: Arena, shape: ProfileShape) {
    this.#shape = shape;
    this.#ranks = arena.doubles(shape.bins);
    this.#values = arena.doubles(shape.bins);
    this.#periods = arena.floats(shape.bins);
    this.#numbers = arena.doubles(5);
    this.#numbers[ERROR] = 1;
    this.#numbers[BIN] = NOWHERE;
  }

  /** Mean absolute error of the ranks it expected, of late. */
  get error(): number {
    return this.#numbers[ERROR] ?? 1;
  }

  bin(atMs: number): number {
    const { periodMs, bins } = this.#shape;
    // The remainder of a time before 1970 is negative.
    const phaseMs = ((atMs % periodMs) + periodMs) % periodMs;
    return Math.min(bins - 1, Math.floor(phaseMs / (periodMs / bins)));
  }

  knows(bin: number): boolean {
    return (this.#periods[bin] ?? 0) >= this.#shape.minPeriods;
  }

  rank(bin: number): number {
    return this.#ranks[bin] ?? 0;
  }

  value(bin: number): number {
    return this.#values[bin] ?? 0;
  }

  learn(bin: number, value: number, rank: number): void {
    const numbers = this.#numbers;
    if ((this.#periods[bin] ?? 0) > 0) numbers[ERROR] = this.error + ERROR_RATE * (Math.abs(rank - this.rank(bin)) - this.error);
    if (numbers[BIN] !== bin) {
      this.#leave();
      numbers.fill(0, ROWS);
      numbers[BIN] = bin;
    }
    numbers[ROWS] = (numbers[ROWS] ?? 0) + 1;
    numbers[VALUES] = (numbers[VALUES] ?? 0) + value;
    numbers[RANKS] = (numbers[RANKS] ?? 0) + rank;
  }

  #leave(): void {
    const [, bin = NOWHERE, rows = 0, values = 0, ranks = 0] = this.#numbers;
    if (rows === 0) return;
    const periods = this.#periods[bin] ?? 0;
    const rate = Math.max(1 / (periods + 1), this.#shape.rate);
    this.#ranks[bin] = this.rank(bin) + rate * (ranks / rows - this.rank(bin));
    this.#values[bin] = this.value(bin) + rate * (values / rows - this.value(bin));
    this.#periods[bin] = periods + 1;
  }
}
