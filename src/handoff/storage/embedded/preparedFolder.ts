import { mkdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { errorCode } from '../../../errors/classify.js';

/**
 * What `tools/prepared/prepare.ts` packs: the folder of a database that was created, migrated and closed when the package was built.
 * Compressed with Brotli: the length of the header (4 bytes, big-endian), the header as JSON, the contents one after another.
 */
export interface PreparedHeader {
  /** Version of PGlite that wrote the files; another one may not read them. */
  readonly pgliteVersion: string;
  /** SQL to run once, soon after the folder was first opened, for what depends on the day. */
  readonly finish: string;
  /** Each folder before those within it. */
  readonly folders: readonly string[];
  /** Path and number of the content; many files share one. */
  readonly files: readonly (readonly [path: string, content: number])[];
  /** Lengths of the contents in bytes. */
  readonly lengths: readonly number[];
}

/** Number of files written concurrently: the disk flushes several in hardly more time than one. */
const filesAtOnce = 16;

/**
 * Writes the prepared database into `folder`, which must not exist, and flushes it to disk. Resolves with the SQL that
 * completes it, or with undefined, without writing, when `file` does not exist or is for another version of PGlite.
 */
export async function unpackPrepared(file: URL, folder: string): Promise<string | undefined> {
  const packed = contentsOf(file);
  if (packed === undefined) return undefined;
  const bytes = brotliDecompressSync(packed);
  const headerEnd = 4 + bytes.readUInt32BE(0);
  const { pgliteVersion, finish, folders, files, lengths } = JSON.parse(bytes.toString('utf8', 4, headerEnd)) as PreparedHeader;
  if (pgliteVersion !== installedPglite()) return undefined;

  const contents: Buffer[] = [];
  let at = headerEnd;
  for (const length of lengths) contents.push(bytes.subarray(at, (at += length)));
  for (const name of ['', ...folders]) mkdirSync(join(folder, name), { mode: 0o700 });
  const left = files[Symbol.iterator]();
  const lane = async (): Promise<void> => {
    for (const [name, content] of left) await writeDurably(join(folder, name), contents[content] ?? Buffer.alloc(0));
  };
  await Promise.all(Array.from({ length: filesAtOnce }, lane));
  for (const name of ['', ...folders]) await keep(join(folder, name));
  return finish;
}

/** Returns the version of PGlite that `import('@electric-sql/pglite')` finds. */
export function installedPglite(): string {
  const { resolve } = createRequire(import.meta.url);
  // The package does not export its package.json.
  const manifest = readFileSync(join(dirname(resolve('@electric-sql/pglite')), '..', 'package.json'), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

function contentsOf(file: URL): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeDurably(path: string, content: Buffer): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    // Flushing the folder is enough for an empty file.
    if (content.length > 0) await handle.sync();
  } finally {
    await handle.close();
  }
}

async function keep(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
