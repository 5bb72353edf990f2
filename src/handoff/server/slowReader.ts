import type { Readable, Writable } from 'node:stream';

/** More answers than this that the client has not read, and it is asked nothing further. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

/**
 * Stops reading requests while their sender does not read the answers, so that those cannot fill the memory.
 *
 * Far above what a pipe holds: a client that writes all its requests before it reads the first answer, as scripts do,
 * must not wait for a server that waits for it.
 */
export class SlowReader {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #maxUnreadBytes: number;
  /** Of the chunk that was being taken apart when reading stopped. */
  #held: (() => void)[] = [];

  constructor(input: Readable, output: Writable, maxUnreadBytes = MAX_UNREAD_BYTES) {
    this.#input = input;
    this.#output = output;
    this.#maxUnreadBytes = maxUnreadBytes;
  }

  /** Calls `take` now, or when enough of the answers has been read; in the order of the calls. */
  whenReading(take: () => void): void {
    if (this.#held.length === 0 && this.#output.writableLength <= this.#maxUnreadBytes) {
      take();
      return;
    }
    if (this.#held.length === 0) {
      this.#input.pause();
      this.#output.once('drain', () => this.#release());
    }
    this.#held.push(take);
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    for (const take of held) take();
    this.#input.resume();
  }
}
