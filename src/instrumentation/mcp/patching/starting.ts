/**
 * Tracks whether a hooked transport is currently being started. Anything it starts in turn is an inner transport, which sees the same
 * messages. This only works for synchronous starts, which all wrappers seen so far use.
 */
export class Starting {
  #depth = 0;

  get isOn(): boolean {
    return this.#depth > 0;
  }

  during(start: () => unknown): unknown {
    this.#depth += 1;
    try {
      return start();
    } finally {
      this.#depth -= 1;
    }
  }
}
