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
  /** The one that was added when there was no other: a map that is filled and emptied for each short-lived server is allocated anew. */
  #first: { readonly value: T; readonly whenGone: () => () => void } | undefined;
  readonly #young = new Map<T, () => () => void>();
  #old: Entry<T>[] = [];
  #sweepAt = 64;

  /** `whenGone` is called once the value is no longer young; it returns what to do after collection, which must not hold the value. */
  add(value: T, whenGone: () => () => void): void {
    if (this.#first?.value === value) return;
    if (this.#first === undefined && this.#young.size === 0) {
      this.#first = { value, whenGone };
      return;
    }
    this.#young.set(value, whenGone);
    if (this.#young.size < YOUNG_MAX) return;
    this.#ageOldest();
    if (this.#old.length < this.#sweepAt) return;
    this.#dropGone();
    this.#sweepAt = Math.max(64, this.#old.length * 2);
  }

  forget(value: T): void {
    if (this.#first?.value === value) this.#first = undefined;
    else this.#young.delete(value);
  }

  /** Drops collected values and holds the young ones weakly. Must be called from time to time, or the last few would be held forever. */
  sweep(): void {
    if (this.#first !== undefined) this.#age(this.#first.value, this.#first.whenGone);
    for (const [value, whenGone] of this.#young) this.#age(value, whenGone);
    this.#dropGone();
  }

  /** Returns all live values and forgets them. */
  drain(): T[] {
    const first = this.#first === undefined ? [] : [this.#first.value];
    const live = [...first, ...this.#young.keys(), ...this.#old.flatMap(({ ref }) => ref.deref() ?? [])];
    this.#first = undefined;
    this.#young.clear();
    this.#old = [];
    return live;
  }

  #ageOldest(): void {
    const [oldest] = this.#young;
    if (this.#first !== undefined) this.#age(this.#first.value, this.#first.whenGone);
    else if (oldest !== undefined) this.#age(...oldest);
  }

  #age(value: T, whenGone: () => () => void): void {
    this.forget(value);
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
