interface Entry<T extends object> {
  readonly ref: WeakRef<T>;
  readonly onGone: () => void;
}

/** How many values are held strongly before the oldest is held weakly. Servers created per request are closed long before that. */
const YOUNG_MAX = 256;

/**
 * Objects to revisit at the end, if they still exist, without keeping them alive.
 *
 * The youngest are held strongly until they are forgotten: most are closed within milliseconds, and a weak reference keeps its
 * target until the next full garbage collection, which promoted every short-lived server to the old generation. The older ones are
 * held weakly; dead ones are dropped whenever the number of entries has doubled.
 */
export class Remembered<T extends object> {
  readonly #young = new Map<T, () => () => void>();
  #old: Entry<T>[] = [];
  #sweepAt = 64;

  /** `whenGone` is called once the value is no longer young; it returns what to do after collection, which must not hold the value. */
  add(value: T, whenGone: () => () => void): void {
    this.#young.set(value, whenGone);
    if (this.#young.size <= YOUNG_MAX) return;
    const [oldest] = this.#young;
    if (oldest !== undefined) this.#age(...oldest);
    if (this.#old.length < this.#sweepAt) return;
    this.#dropGone();
    this.#sweepAt = Math.max(64, this.#old.length * 2);
  }

  forget(value: T): void {
    this.#young.delete(value);
  }

  /** Drops collected values and holds the young ones weakly. Must be called from time to time, or the last few would be held forever. */
  sweep(): void {
    for (const [value, whenGone] of this.#young) this.#age(value, whenGone);
    this.#dropGone();
  }

  /** Returns all live values and forgets them. */
  drain(): T[] {
    const live = [...this.#young.keys(), ...this.#old.flatMap(({ ref }) => ref.deref() ?? [])];
    this.#young.clear();
    this.#old = [];
    return live;
  }

  #age(value: T, whenGone: () => () => void): void {
    this.#young.delete(value);
    this.#old.push({ ref: new WeakRef(value), onGone: whenGone() });
  }

  #dropGone(): void {
    const gone: Entry<T>[] = [];
    this.#old = this.#old.filter((entry) => {
      const lives = entry.ref.deref() !== undefined;
      if (!lives) gone.push(entry);
      return lives;
    });
    for (const { onGone } of gone) onGone();
  }
}
