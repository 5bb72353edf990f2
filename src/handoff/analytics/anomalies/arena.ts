/**
 * The memory of a detector: one buffer, of which its parts take their arrays in a fixed order, and in which they keep every number that
 * must outlive a row. A copy of the bytes is therefore the whole state, and its size does not depend on how many rows were seen.
 */
export class Arena {
  readonly #buffer: ArrayBuffer;
  #usedBytes = 0;

  /** @param limitBytes the parts together may take no more; taking more throws a `RangeError` */
  constructor(limitBytes: number) {
    this.#buffer = new ArrayBuffer(limitBytes);
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  doubles(length: number): Float64Array {
    return new Float64Array(this.#buffer, this.#take(length * Float64Array.BYTES_PER_ELEMENT), length);
  }

  /** Single precision, for counts: whole numbers are exact up to 16,777,216. */
  floats(length: number): Float32Array {
    return new Float32Array(this.#buffer, this.#take(length * Float32Array.BYTES_PER_ELEMENT), length);
  }

  copy(): Uint8Array {
    return new Uint8Array(this.#buffer, 0, this.#usedBytes).slice();
  }

  /** @param bytes as `copy()` gave them, from an arena of which the same parts were taken */
  overwrite(bytes: Uint8Array): void {
    new Uint8Array(this.#buffer, 0, this.#usedBytes).set(bytes);
  }

  #take(bytes: number): number {
    const at = this.#usedBytes;
    // Doubles must begin at a multiple of eight.
    this.#usedBytes += Math.ceil(bytes / Float64Array.BYTES_PER_ELEMENT) * Float64Array.BYTES_PER_ELEMENT;
    return at;
  }
}
