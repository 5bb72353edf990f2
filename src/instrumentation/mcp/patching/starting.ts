/**
 * Whether a transport that is hooked is just being started. What it starts in turn is a transport within it, which sees the same
 * messages. Known only as long as that happens at once, which all wrappers we have met do.
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
