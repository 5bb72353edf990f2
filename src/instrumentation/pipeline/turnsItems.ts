/** More than end in a turn of a server under load; a loop that never gives the turn back must not fill the memory. */
const MOST = 256;

/**
 * The items of one turn of the event loop, handed on together at its end.
 *
 * Encoding a span takes the processor some microseconds when it has just done something else, whose code and data are in its caches, and a
 * fraction of that when it has just encoded another one. A turn is short enough for the items to die young.
 */
export class TurnsItems<T> {
  readonly #handOn: (item: T) => void;
  #items: T[] = [];
  #isScheduled = false;

  /** @param handOn must not throw */
  constructor(handOn: (item: T) => void) {
    this.#handOn = handOn;
  }

  add(item: T): void {
    this.#items.push(item);
    if (this.#items.length >= MOST) this.handOn();
    else if (!this.#isScheduled) this.#schedule();
  }

  /** Hands on what is there now: before something asks what became of the items, or as the process ends. */
  handOn(): void {
    if (this.#items.length === 0) return;
    const items = this.#items;
    this.#items = [];
    for (const item of items) this.#handOn(item);
  }

  #schedule(): void {
    this.#isScheduled = true;
    // Keeps no process alive: what is left is handed on when it ends.
    setImmediate(() => {
      this.#isScheduled = false;
      this.handOn();
    }).unref();
  }
}
