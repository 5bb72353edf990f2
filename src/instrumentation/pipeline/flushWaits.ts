interface FlushWait {
  /** Number of the last item it waits for. */
  readonly last: number;
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

/**
 * Tracks who waits for which item; items are numbered in the order in which they leave the queue.
 *
 * All waits for the same item share one promise, so what is kept here is bounded by the items held, however often a host
 * flushes while a receiver hangs.
 */
export class FlushWaits {
  /** In ascending order of their numbers. */
  #waits: FlushWait[] = [];

  /** Resolves when that item and all before it are settled. Numbers never decrease from call to call. */
  until(last: number): Promise<void> {
    const latest = this.#waits.at(-1);
    if (latest?.last === last) return latest.promise;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waits.push({ last, promise, resolve });
    return promise;
  }

  /** Call this whenever items were settled. */
  end(isOutstanding: (last: number) => boolean): void {
    const still = this.#waits.findIndex(({ last }) => isOutstanding(last));
    for (const { resolve } of this.#waits.splice(0, still === -1 ? this.#waits.length : still)) resolve();
  }
}
