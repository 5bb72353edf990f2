/** Calls that begin in a turn: some milliseconds of work. Fewer cost throughput, for what is written in one turn goes out together. */
const CALLS_IN_A_TURN = 16;
/** While connections come in: a turn is as short as it can be then. */
const CALLS_BESIDE_A_CONNECTION = 2;

/**
 * Lets few calls begin in each turn of the event loop, in the order in which they asked.
 *
 * libuv accepts one connection in a turn (since 1.45, Node 20). If all calls that have their turn began in one, it would last tens of
 * milliseconds, and of many clients that come at a time most would wait for seconds before the server knows of them, and can refuse them.
 */
export class Pace {
  readonly #nextTurn: (run: () => void) => void;
  #begun = 0;
  #most = CALLS_IN_A_TURN;
  #waiting: (() => void)[] = [];
  #isScheduled = false;

  /** @param nextTurn runs something in the next turn of the event loop */
  constructor(nextTurn: (run: () => void) => void) {
    this.#nextTurn = nextTurn;
  }

  /** Must be called for each connection that was accepted: there may be more. */
  accepted(): void {
    this.#most = CALLS_BESIDE_A_CONNECTION;
    this.#schedule();
  }

  /** Returns `undefined` where a call may begin at once, and otherwise a promise that resolves when it may. */
  enter(): Promise<void> | undefined {
    this.#schedule();
    if (this.#begun < this.#most && this.#waiting.length === 0) {
      this.#begun += 1;
      return undefined;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#nextTurn(() => this.#turn());
  }

  #turn(): void {
    this.#isScheduled = false;
    const next = this.#waiting.splice(0, this.#most);
    this.#begun = next.length;
    this.#most = CALLS_IN_A_TURN;
    if (next.length > 0) this.#schedule();
    for (const begin of next) begin();
  }
}
