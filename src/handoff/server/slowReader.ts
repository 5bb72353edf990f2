import type { Readable, Writable } from 'node:stream';

/** Once the client has more unread answers than this, no further requests are read from it. */
const MAX_UNREAD_BYTES = 64 * 1024 * 1024;

/**
 * Stops reading requests while the client does not read the answers, so that they cannot fill the memory.
 *
 * The limit is far above what a pipe holds: a client that writes all its requests before it reads the first answer, as
 * scripts do, must not end up in a deadlock with the server.
 */
export class SlowReader {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #maxUnreadBytes: number;
  /** The rest of the chunk that was being split when reading stopped. */
  #held: (() => void)[] = [];

  constructor(input: Readable, output: Writable, maxUnreadBytes = MAX_UNREAD_BYTES) {
    this.#input = input;
    this.#output = output;
    this.#maxUnreadBytes = maxUnreadBytes;
  }

  /** Calls `take` now, or once enough of the answers have been read; in the order of the calls. */
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
