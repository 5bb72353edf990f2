import { createHash } from 'node:crypto';
import type { Frame } from './frontendFrames.js';

/** PostgreSQL truncates longer names, and two that differ only after the cut would be the same. */
const nameMaxBytes = 63;

/**
 * Gives every client its own prepared-statement names on the backend they share: without this the second client that
 * prepares a name that the first one uses is refused, or runs the first one's statement.
 * SQL-level `PREPARE` and `EXECUTE` are not seen here and stay shared.
 */
export class StatementNames {
  readonly #prefix: string;
  readonly #prepared = new Set<string>();

  constructor(clientNumber: number) {
    this.#prefix = `c${clientNumber}_`;
  }

  /** Returns the message with the statement name made unique to this client. */
  own({ type, bytes }: Frame): Buffer {
    const nameAt = nameOffset(type, bytes);
    if (nameAt === undefined) return bytes;
    const nameEnd = bytes.indexOf(0, nameAt);
    if (nameEnd <= nameAt) return bytes;
    const name = this.#shared(bytes.toString('utf8', nameAt, nameEnd));
    if (type === 'P') this.#prepared.add(name);
    const renamed = Buffer.concat([bytes.subarray(0, nameAt), Buffer.from(name), bytes.subarray(nameEnd)]);
    renamed.writeInt32BE(renamed.length - 1, 1);
    return renamed;
  }

  /** Returns messages that close everything this client prepared, without the final Sync; empty when it prepared nothing. */
  closeAll(): Buffer {
    return Buffer.concat(
      [...this.#prepared].map((name) => {
        const body = Buffer.from(`S${name}\0`);
        const message = Buffer.concat([Buffer.from('C\0\0\0\0'), body]);
        message.writeInt32BE(body.length + 4, 1);
        return message;
      }),
    );
  }

  #shared(name: string): string {
    const own = this.#prefix + name;
    if (Buffer.byteLength(own) <= nameMaxBytes) return own;
    return this.#prefix + createHash('sha256').update(name).digest('hex').slice(0, 40);
  }
}

/** Finds where a message names a prepared statement: Parse, Bind (after the portal), Describe and Close of a statement. */
function nameOffset(type: string, bytes: Buffer): number | undefined {
  if (type === 'P') return 5;
  if (type === 'B') return bytes.indexOf(0, 5) + 1;
  if ((type === 'D' || type === 'C') && bytes[5] === 0x53) return 6;
  return undefined;
}
