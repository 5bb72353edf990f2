import { setTimeout } from 'node:timers';

/**
 * From the first item on, in milliseconds: the least that a timer waits. Whoever the items tell of has been answered by then, and under
 * load the next calls have been read and sent to the database, for which the process waits.
 */
const DELAY_MS = 1;
/** More than end in so short a time under load; a loop that never gives the turn back must not fill the memory. */
const MOST = 512;

/**
 * Items that are handed on together, a moment after they ended.
 *
 * Encoding a span takes the processor some microseconds when it has just done something else, whose code and data are in its caches, and a
 * fraction of that when it has just encoded another one. At the end of the turn of the event loop, the answers of the turn would wait for
 * it. The moment is short enough for the items to die young.
 */
export class DelayedItems<T> {
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
    // Keeps no process alive: what is left is handed on when it ends. The global `setTimeout` may be that of a test's clock, or of a
    // browser, whose timers are numbers.
    setTimeout(() => {
      this.#isScheduled = false;
      this.handOn();
    }, DELAY_MS).unref();
  }
}
