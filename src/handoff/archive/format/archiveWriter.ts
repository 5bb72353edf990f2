import { createHash } from 'node:crypto';
import { createGzip } from 'node:zlib';
import type { Gzip } from 'node:zlib';

/** Kinds of line, each an object with one member of this name. The first line is the header, the last one says how many there are. */
export type LineKind = 'archive' | 'session' | 'entry' | 'snapshot' | 'handoff' | 'event' | 'end';

export const FORMAT_VERSION = 1;

/** A finished archive object. */
export interface ArchiveObject {
  readonly body: Buffer;
  /** Of `body`, in hexadecimal digits. */
  readonly sha256: string;
  /** Bytes before compression. */
  readonly contentBytes: number;
}

/**
 * Compresses lines as they come, in other threads, so that an archive is never in memory uncompressed. Rows stay the text that the
 * database made of them.
 */
export class ArchiveWriter {
  readonly #gzip: Gzip = createGzip();
  readonly #chunks: Buffer[] = [];
  readonly #ended: Promise<void>;
  #contentBytes = 0;

  constructor() {
    this.#ended = new Promise((resolve, reject) => {
      this.#gzip.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
      this.#gzip.on('end', resolve);
      this.#gzip.on('error', reject);
    });
    // `end` reports it.
    this.#ended.catch(() => undefined);
  }

  /** @param rows JSON texts without line breaks */
  async write(kind: LineKind, rows: readonly string[]): Promise<void> {
    if (rows.length === 0) return;
    const text = Buffer.from(rows.map((row) => `{"${kind}":${row}}\n`).join(''));
    this.#contentBytes += text.length;
    if (!this.#gzip.write(text)) await Promise.race([new Promise((resolve) => this.#gzip.once('drain', resolve)), this.#ended]);
  }

  async end(): Promise<ArchiveObject> {
    this.#gzip.end();
    await this.#ended;
    const body = Buffer.concat(this.#chunks.splice(0));
    return { body, sha256: sha256Of(body), contentBytes: this.#contentBytes };
  }
}

export function sha256Of(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}
