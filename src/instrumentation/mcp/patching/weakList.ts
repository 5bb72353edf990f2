/**
 * Objects to revisit at the end, if they still exist. Dead entries are dropped whenever the list has doubled, so its
 * size stays in proportion to the number of live objects.
 */
export class WeakList<T extends object> {
  #refs: WeakRef<T>[] = [];
  #pruneAt = 64;

  add(value: T): void {
    this.#refs.push(new WeakRef(value));
    if (this.#refs.length < this.#pruneAt) return;
    this.#refs = this.#refs.filter((ref) => ref.deref() !== undefined);
    this.#pruneAt = Math.max(64, this.#refs.length * 2);
  }

  /** Returns all live objects and forgets them. */
  drain(): T[] {
    const live = this.#refs.flatMap((ref) => ref.deref() ?? []);
    this.#refs = [];
    return live;
  }
}
