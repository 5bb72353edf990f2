interface Entry<T extends object> {
  readonly ref: WeakRef<T>;
  readonly onGone: (() => void) | undefined;
}

/**
 * Objects to come back to at the end, if they are still there: servers made per request must not be kept alive by us.
 * Dead entries are dropped whenever the list has doubled, so it stays in proportion to what lives. Cheaper than a
 * FinalizationRegistry, whose registration and callbacks cost every short-lived server several microseconds.
 */
export class WeakList<T extends object> {
  #entries: Entry<T>[] = [];
  #sweepAt = 64;

  /** `onGone` is called once the value was collected and noticed, not on `drain`. It must not hold the value. */
  add(value: T, onGone?: () => void): void {
    this.#entries.push({ ref: new WeakRef(value), onGone });
    if (this.#entries.length < this.#sweepAt) return;
    this.sweep();
    this.#sweepAt = Math.max(64, this.#entries.length * 2);
  }

  /** Drops what is gone. */
  sweep(): void {
    const gone: Entry<T>[] = [];
    this.#entries = this.#entries.filter((entry) => {
      const lives = entry.ref.deref() !== undefined;
      if (!lives) gone.push(entry);
      return lives;
    });
    for (const { onGone } of gone) onGone?.();
  }

  /** All that live, and forgets them. */
  drain(): T[] {
    const live = this.#entries.flatMap(({ ref }) => ref.deref() ?? []);
    this.#entries = [];
    return live;
  }
}
