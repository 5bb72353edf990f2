/** Keeps the newest `maxRecords` records and counts those it dropped, so that a long run cannot fill memory. */
export class RecordLog<T> {
  readonly #maxRecords: number;
  #records: readonly T[] = [];
  #dropped = 0;

  constructor(maxRecords: number) {
    this.#maxRecords = maxRecords;
  }

  /** Records dropped since the start or the last `clear()`. */
  get dropped(): number {
    return this.#dropped;
  }

  add(records: readonly T[]): void {
    const all = this.#records.concat(records);
    const excess = Math.max(0, all.length - this.#maxRecords);
    this.#records = excess === 0 ? all : all.slice(excess);
    this.#dropped += excess;
  }

  /** Oldest first; a returned list does not change later. */
  list(): readonly T[] {
    return this.#records;
  }

  clear(): void {
    this.#records = [];
    this.#dropped = 0;
  }
}
