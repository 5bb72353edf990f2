import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { execFileSync } from 'node:child_process';
import { brotliCompressSync, constants } from 'node:zlib';
import { installedPglite } from '../../src/handoff/storage/embedded/preparedFolder.js';
import type { PreparedHeader } from '../../src/handoff/storage/embedded/preparedFolder.js';

const root = join(import.meta.dirname, '../..');

/** What depends on the date; run soon after the first opening. */
const finish = 'SELECT handoff_create_partitions(); UPDATE handoff_migrations SET applied_at = now()';

/** Files that contain the build time and are recreated without loss: usage statistics, and the process that used the folder. */
const leftOut = new Set(['postmaster.pid', 'postmaster.opts', 'pg_stat/pgstat.stat']);

/**
 * Writes to `target` the database that an empty data folder starts with. The same migrations, the same PGlite and the same tools give
 * the same bytes. Kept in `.cache`, since creating it takes seconds.
 */
export function prepare(target: string): void {
  const kept = join(root, '.cache', `prepared-${fingerprint()}.br`);
  mkdirSync(dirname(target), { recursive: true });
  try {
    copyFileSync(kept, target);
    return;
  } catch {
    // It is not in the cache yet.
  }
  const packed = create();
  mkdirSync(dirname(kept), { recursive: true });
  const draft = `${kept}.${process.pid}`;
  writeFileSync(draft, packed);
  renameSync(draft, kept);
  copyFileSync(kept, target);
}

/** That database, created by the real migrations, and packed. */
export function create(): Buffer {
  const work = mkdtempSync(join(tmpdir(), 'handoff-prepare-'));
  try {
    execFileSync(process.execPath, ['--import', './tools/resolveSource.mjs', 'tools/prepared/prepareDatabase.ts', work], {
      cwd: root,
      stdio: 'inherit',
    });
    return pack(join(work, 'pgdata'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Covers everything that determines the packed database. */
function fingerprint(): string {
  const hash = createHash('sha256').update(installedPglite());
  const folders = ['migrations', 'src/handoff/storage/migrate'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
  const files = [
    'tools/prepared/prepare.ts',
    'tools/prepared/prepareDatabase.ts',
    'src/handoff/storage/embedded/pgliteBackend.ts',
    ...folders,
  ];
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

/** Packs the folder of a closed database into one file; see `preparedFolder.ts` for the format. */
function pack(folder: string): Buffer {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const pathOf = (entry: (typeof entries)[number]): string => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/');
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map(pathOf)
    .sort();
  const names = entries
    .filter((entry) => entry.isFile())
    .map(pathOf)
    .filter((name) => !leftOut.has(name))
    .sort();
  const contents: Buffer[] = [];
  const numbers = new Map<string, number>();
  const files = names.map((name): [string, number] => {
    const content = readFileSync(join(folder, name));
    const digest = createHash('sha256').update(content).digest('hex');
    const number = numbers.get(digest) ?? contents.push(content) - 1;
    numbers.set(digest, number);
    return [name, number];
  });
  const header = Buffer.from(
    JSON.stringify({
      pgliteVersion: installedPglite(),
      finish,
      folders,
      files,
      lengths: contents.map(({ length }) => length),
    } satisfies PreparedHeader),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  const bytes = Buffer.concat([length, header, ...contents]);
  return brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
}
