const FIRST_CAPACITY = 64;

/**
 * A list of whole numbers from 0 to 4,294,967,295 outside the heap of V8, for lists that are as long as a file makes them: a thread
 * that fills its heap by a large array takes the whole process with it, whatever its resource limits say.
 */
export class Numbers {
  #values = new Uint32Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Uint32Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  pop(): void {
    this.#length = Math.max(0, this.#length - 1);
  }

  /** The number at a place; the last one for -1. */
  at(place: number): number | undefined {
    const index = place < 0 ? this.#length + place : place;
    return index < this.#length ? this.#values[index] : undefined;
  }
}
