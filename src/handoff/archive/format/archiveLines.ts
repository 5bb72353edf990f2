import { createGunzip } from 'node:zlib';
import { FORMAT_VERSION } from './archiveWriter.js';
import type { LineKind } from './archiveWriter.js';

/** One line of an archive: its kind, and the row as JSON text. */
export interface ArchiveLine {
  readonly kind: LineKind;
  readonly row: string;
}

const LINE_BREAK = 0x0a;
const BEGINNING = /^\{"(archive|session|entry|snapshot|handoff|event|end)":/;

/** An archive that cannot be read. */
export class UnreadableArchive extends Error {
  override readonly name = 'UnreadableArchive';
}

/**
 * Gives the lines of an archive as they are decompressed; whoever stops reading stops the decompression.
 *
 * Throws `UnreadableArchive` for what is not an archive, and for one that ends before its end.
 */
export async function* archiveLines(body: Uint8Array): AsyncGenerator<ArchiveLine> {
  let last: LineKind | undefined;
  for await (const text of textLines(body)) {
    const line = parseLine(text);
    if (last === undefined) checkHeader(line);
    last = line.kind;
    yield line;
  }
  if (last !== 'end') throw new UnreadableArchive('it ends before its last line');
}

async function* textLines(body: Uint8Array): AsyncGenerator<string> {
  const gunzip = createGunzip();
  gunzip.end(body);
  let begun: Buffer[] = [];
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      let from = 0;
      for (let to = chunk.indexOf(LINE_BREAK); to !== -1; to = chunk.indexOf(LINE_BREAK, from)) {
        const rest = chunk.subarray(from, to);
        yield begun.length === 0 ? rest.toString() : Buffer.concat([...begun, rest]).toString();
        begun = [];
        from = to + 1;
      }
      if (from < chunk.length) begun.push(chunk.subarray(from));
    }
  } catch (error) {
    throw new UnreadableArchive('it cannot be decompressed', { cause: error });
  } finally {
    gunzip.destroy();
  }
  if (begun.length > 0) throw new UnreadableArchive('it ends in the middle of a line');
}

function parseLine(text: string): ArchiveLine {
  const [beginning = '', kind] = BEGINNING.exec(text) ?? [];
  if (kind === undefined || !text.endsWith('}')) throw new UnreadableArchive('a line of it is of no known kind');
  return { kind: kind as LineKind, row: text.slice(beginning.length, -1) };
}

/** How many lines of each kind an archive has. */
export interface LineCounts {
  readonly entry: number;
  readonly snapshot: number;
  readonly handoff: number;
  readonly event: number;
}

function checkHeader({ kind, row }: ArchiveLine): void {
  if (kind !== 'archive') throw new UnreadableArchive('it does not begin as an archive');
  const version = numbersOf(row, ['version'])['version'];
  if (version > FORMAT_VERSION) {
    throw new UnreadableArchive(`it has format ${version}, and this release of handoff-otel reads formats up to ${FORMAT_VERSION}`);
  }
}

/** Returns what the last line says, and `undefined` for any other line. */
export function lineCounts({ kind, row }: ArchiveLine): LineCounts | undefined {
  return kind === 'end' ? numbersOf(row, ['entry', 'snapshot', 'handoff', 'event']) : undefined;
}

function numbersOf<const Names extends readonly string[]>(row: string, names: Names): Readonly<Record<Names[number], number>> {
  const values: unknown = JSON.parse(row);
  const numbers = names.map((name) => {
    const value: unknown = typeof values === 'object' && values !== null ? Reflect.get(values, name) : undefined;
    if (typeof value !== 'number') throw new UnreadableArchive(`a line of it lacks the number ${name}`);
    return [name, value] as const;
  });
  return Object.fromEntries(numbers) as Record<Names[number], number>;
}
