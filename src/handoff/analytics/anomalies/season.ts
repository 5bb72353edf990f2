import type { Arena } from './arena.js';
import { Profile } from './profile.js';

const MS_PER_DAY = 86_400_000;
const DAY = { periodMs: MS_PER_DAY, bins: 288, minPeriods: 1, rate: 0.22 };
const WEEK = { periodMs: 7 * MS_PER_DAY, bins: 168, minPeriods: 2, rate: 0.25 };
/** An expectation is used once its error is below this share of the error of a simpler one. */
const PROVEN_SHARE = 0.8;
const ERROR_RATE = 0.003;

/** What the season says about a row. */
export interface SeasonalRow {
  /** Whether a season is known and was proven to predict; otherwise nothing is expected of it. */
  readonly isProven: boolean;
  /** The value that was expected. */
  readonly expected: number;
  /** How far the row is from that, as a value and as a rank. */
  readonly residual: number;
  readonly rankResidual: number;
}

/**
 * Learns what a series usually is at a time of the day, and at an hour of the week, while the rows pass. Which of them is used, if any,
 * is decided by how well they have predicted. Days and weeks are those of UTC.
 */
export class Season {
  readonly #day: Profile;
  readonly #week: Profile;
  /** Mean absolute rank, which is the error of expecting the median. */
  readonly #error: Float64Array;

  constructor(arena: Arena) {
    this.#day = new Profile(arena, DAY);
    this.#week = new Profile(arena, WEEK);
    this.#error = arena.doubles(1);
    this.#error[0] = 1;
  }

  /** The value that is expected at a time; `undefined` while no season is proven. */
  expect(atMs: number): number | undefined {
    const { profile, bin, isProven } = this.#choose(atMs);
    return isProven ? profile.value(bin) : undefined;
  }

  /** Compares a row with what was expected, and learns it afterwards. */
  judge(atMs: number, value: number, rank: number): SeasonalRow {
    const { profile, bin, isKnown, isProven } = this.#choose(atMs);
    const row = {
      isProven,
      expected: profile.value(bin),
      residual: isKnown ? value - profile.value(bin) : 0,
      rankResidual: isKnown ? rank - profile.rank(bin) : 0,
    };
    const day = this.#day.bin(atMs);
    if (this.#day.knows(day)) this.#error[0] = this.#plainError + ERROR_RATE * (Math.abs(rank) - this.#plainError);
    this.#day.learn(day, value, rank);
    this.#week.learn(this.#week.bin(atMs), value, rank);
    return row;
  }

  get #plainError(): number {
    return this.#error[0] ?? 1;
  }

  #choose(atMs: number): { profile: Profile; bin: number; isKnown: boolean; isProven: boolean } {
    const week = this.#week.bin(atMs);
    const isWeekly = this.#week.knows(week) && this.#week.error < PROVEN_SHARE * Math.min(this.#day.error, this.#plainError);
    const profile = isWeekly ? this.#week : this.#day;
    const bin = isWeekly ? week : this.#day.bin(atMs);
    const isKnown = profile.knows(bin);
    return { profile, bin, isKnown, isProven: isKnown && profile.error < PROVEN_SHARE * this.#plainError };
  }
}
