interface Entry<T extends object> {
  readonly ref: WeakRef<T>;
  readonly onGone: () => void;
}

/** Values held strongly before they are held weakly. Servers made per request are closed long before so many others came. */
const YOUNG_MAX = 256;

/**
 * Objects to come back to at the end, if they are still there, without keeping them alive.
 *
 * The youngest are held strongly until they are forgotten: most are closed within milliseconds, and a weak reference keeps its
 * target until the next full garbage collection, which made every short-lived server an old one. The older ones are held
 * weakly; dead ones are dropped whenever their number has doubled.
 */
export class Remembered<T extends object> {
  readonly #young = new Map<T, () => () => void>();
  #old: Entry<T>[] = [];
  #sweepAt = 64;

  /** `whenGone` is asked, once the value is no longer young, for what to do when it was collected; that must not hold the value. */
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

  /** Drops what is gone, and lets go of what is young. To be called now and then, or the last few would be held for ever. */
  sweep(): void {
    for (const [value, whenGone] of this.#young) this.#age(value, whenGone);
    this.#dropGone();
  }

  /** All that live, and forgets them. */
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
