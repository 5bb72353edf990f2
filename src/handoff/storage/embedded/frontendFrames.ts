/** Longest accepted message in bytes. Far above any of our content limits; a larger length means that the client speaks something else. */
const frameMaxBytes = 256 * 1024 * 1024;

/** One message of a PostgreSQL client. */
export interface Frame {
  /** The message's type byte as a letter; empty for the messages before the session begins, which have none. */
  readonly type: string;
  /** The whole message, type and length included. */
  readonly bytes: Buffer;
}

/** Splits a client's byte stream into messages. Copies each byte at most once, however many chunks a message arrives in. */
export class FrontendFrames {
  #chunks: Buffer[] = [];
  #size = 0;
  #started = false;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  /** From here on messages carry a type byte. */
  sessionStarted(): void {
    this.#started = true;
  }

  /** The next complete message, or undefined until more bytes arrive. Throws a RangeError on an impossible length. */
  next(): Frame | undefined {
    const lengthAt = this.#started ? 1 : 0;
    const header = this.#peek(lengthAt + 4);
    if (header === undefined) return undefined;
    const length = header.readUInt32BE(lengthAt);
    if (length < 4 || length > frameMaxBytes) throw new RangeError(`a message of ${length} bytes`);
    if (this.#size < lengthAt + length) return undefined;
    const bytes = this.#take(lengthAt + length);
    return { type: this.#started ? String.fromCharCode(bytes.readUInt8(0)) : '', bytes };
  }

  #peek(length: number): Buffer | undefined {
    if (this.#size < length) return undefined;
    const first = this.#chunks[0];
    if (first !== undefined && first.length >= length) return first;
    return Buffer.concat(this.#chunks, length);
  }

  #take(length: number): Buffer {
    const joined = this.#chunks.length === 1 ? this.#chunks[0] : undefined;
    const all = joined ?? Buffer.concat(this.#chunks);
    const rest = all.subarray(length);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
    return all.subarray(0, length);
  }
}
