import type { IdGenerator } from '@opentelemetry/sdk-trace';

/** As many ids as this are made at once, and as much memory as theirs an id may keep that outlives the others. */
const POOL_BYTES = 1024;
const TRACE_ID_CHARS = 32;
const SPAN_ID_CHARS = 16;
const ZERO = '0'.charCodeAt(0);
const NONE = '0'.repeat(TRACE_ID_CHARS);

/** Ids as the SDK makes them, random and not zero, but many with one call into the runtime: each is a part of a long random text. */
export class RandomIds implements IdGenerator {
  readonly #randomBytes: (size: number) => Buffer;
  #text = '';
  #at = 0;

  /** @param randomBytes that of `node:crypto` */
  constructor(randomBytes: (size: number) => Buffer) {
    this.#randomBytes = randomBytes;
  }

  generateTraceId(): string {
    return this.#next(TRACE_ID_CHARS);
  }

  generateSpanId(): string {
    return this.#next(SPAN_ID_CHARS);
  }

  #next(length: number): string {
    if (this.#at + length > this.#text.length) {
      this.#text = this.#randomBytes(POOL_BYTES).toString('hex');
      this.#at = 0;
    }
    const id = this.#text.slice(this.#at, this.#at + length);
    this.#at += length;
    return id.charCodeAt(0) === ZERO && NONE.startsWith(id) ? this.#next(length) : id;
  }
}
