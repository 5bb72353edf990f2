const KEPT = 8;
/** Views overlap, so what the next says counts for less: seven tenths of the one before. */
const NEXT_WEIGHT = 0.7;

/** The sum of all weights: what one view counts that speaks for all. */
export const TOTAL_WEIGHT = (1 - NEXT_WEIGHT ** KEPT) / (1 - NEXT_WEIGHT);

/** Adds up what the views say of one row. One view that is very surprised counts, and so do several that agree. */
export class Strongest {
  readonly #surprises = new Float64Array(KEPT);
  #view = 0;

  /** The number of the view that is most surprised. */
  get view(): number {
    return this.#view;
  }

  clear(): void {
    this.#surprises.fill(0);
    this.#view = 0;
  }

  offer(surprise: number, view: number): void {
    if (surprise > (this.#surprises[0] ?? 0)) this.#view = view;
    let rest = surprise;
    for (let place = 0; place < KEPT; place += 1) {
      const kept = this.#surprises[place] ?? 0;
      if (rest > kept) {
        this.#surprises[place] = rest;
        rest = kept;
      }
    }
  }

  total(): number {
    let weight = 1;
    let total = 0;
    for (const surprise of this.#surprises) {
      total += weight * surprise;
      weight *= NEXT_WEIGHT;
    }
    return total;
  }
}
