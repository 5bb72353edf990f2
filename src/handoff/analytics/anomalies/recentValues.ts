import type { Arena } from './arena.js';

const COUNT = 0;
const NEXT = 1;

/** The last values of a series, in the order of their size: quantiles and ranks without any assumption about their distribution. */
export class RecentValues {
  readonly #capacity: number;
  readonly #ring: Float64Array;
  readonly #numbers: Float64Array;
  /** Follows from the ring, so it is no part of the state. */
  readonly #sorted: Float64Array;

  constructor(arena: Arena, capacity: number) {
    this.#capacity = capacity;
    this.#ring = arena.doubles(capacity);
    this.#numbers = arena.doubles(2);
    this.#sorted = new Float64Array(capacity);
  }

  get count(): number {
    return this.#numbers[COUNT] ?? 0;
  }

  /** The value at a share of 0 to 1 of all values in order of size; `undefined` as long as there is none. */
  quantile(share: number): number | undefined {
    return this.count === 0 ? undefined : this.#sorted[Math.min(this.count - 1, Math.floor(share * this.count))];
  }

  /** Where a value stands among the others: -1 below all, 1 above all, 0 in the middle; equal values count as half below. */
  rank(value: number): number {
    return this.count === 0 ? 0 : (this.#countBelow(value) + this.#countUpTo(value)) / this.count - 1;
  }

  push(value: number): void {
    const next = this.#numbers[NEXT] ?? 0;
    if (this.count === this.#capacity) {
      const oldest = this.#countBelow(this.#ring[next] ?? 0);
      this.#sorted.copyWithin(oldest, oldest + 1, this.count);
      this.#numbers[COUNT] = this.count - 1;
    }
    const place = this.#countUpTo(value);
    this.#sorted.copyWithin(place + 1, place, this.count);
    this.#sorted[place] = value;
    this.#ring[next] = value;
    this.#numbers[COUNT] = this.count + 1;
    this.#numbers[NEXT] = (next + 1) % this.#capacity;
  }

  /** To be called when the arena was overwritten. */
  restored(): void {
    this.#sorted.set(this.#ring.slice(0, this.count).sort());
  }

  #countBelow(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #countUpTo(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? 0) <= value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
