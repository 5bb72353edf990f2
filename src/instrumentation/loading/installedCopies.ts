import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { quietly } from '../../errors/quietly.js';
import { denoCopies } from './denoCopies.js';
import { pnpCopies } from './pnpCopies.js';

const NODE_MODULES = 'node_modules';

/** Where pnpm and Bun keep the real folders of all packages, below `node_modules`; their names begin with the package's name. */
const STORES = ['.pnpm', '.bun'];

/**
 * Returns the folders of installed copies of `names`, with symbolic links resolved, each once: every copy that Node finds from one
 * of the `starts` (folders), and the copies beside or below those, which other packages use (from npm's record of what it
 * installed, the stores of pnpm and Bun, the dependencies of the nearest package.json, the map of Yarn's Plug'n'Play, Deno's
 * cache). Looks only at file names; loads nothing.
 */
export function installedCopies(names: readonly string[], starts: Iterable<string>): string[] {
  const roots = new Set<string>();
  const add = (folder: string): void => {
    try {
      if (isFolder(folder)) roots.add(realpathSync(folder));
    } catch {
      // We may not read it.
    }
  };
  const seen = new Set<string>();
  const all = [...starts];
  for (const start of all) {
    for (const folder of upwards(start, seen)) {
      const modules = join(folder, NODE_MODULES);
      if (!isFolder(modules)) continue;
      for (const name of names) add(join(modules, name));
      for (const copy of copiesBelow(modules, names)) add(copy);
    }
  }
  return [...new Set([...roots, ...pnpCopies(names, all), ...denoCopies(names)])];
}

/** Returns the folder above every `node_modules` that a loaded file is in, as starts for `installedCopies`. */
export function modulesFoldersOf(files: readonly string[]): Set<string> {
  const marker = `${sep}${NODE_MODULES}${sep}`;
  const folders = new Set<string>();
  for (const file of files) {
    const at = file.lastIndexOf(marker);
    if (at !== -1) folders.add(file.slice(0, at));
  }
  return folders;
}

/** Nearly all folders we look for are missing, which costs no exception. Those above the program may be forbidden (`--permission`). */
function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    return false;
  }
}

function* upwards(start: string, seen: Set<string>): Generator<string> {
  for (let folder = start; !seen.has(folder); folder = dirname(folder)) {
    seen.add(folder);
    if (!folder.endsWith(`${sep}${NODE_MODULES}`)) yield folder;
  }
}

function copiesBelow(modules: string, names: readonly string[]): string[] {
  const recorded = quietly(() => recordedByNpm(readFileSync(join(modules, '.package-lock.json'), 'utf8'), dirname(modules), names));
  if (recorded !== undefined) return recorded;
  const stored = STORES.flatMap((store) => quietly(() => inStore(join(modules, store), names)) ?? []);
  return stored.length > 0 ? stored : (quietly(() => belowDependencies(modules, names)) ?? []);
}

/** The keys of npm's hidden lock file are paths. It is searched as text: parsing all of it takes twenty times as long. */
function recordedByNpm(lock: string, base: string, names: readonly string[]): string[] {
  return names.flatMap((name) => {
    const found: string[] = [];
    const ending = `${NODE_MODULES}/${name}": {`;
    for (let at = lock.indexOf(ending); at !== -1; at = lock.indexOf(ending, at + 1)) {
      found.push(join(base, lock.slice(lock.lastIndexOf('"', at) + 1, at + ending.length - '": {'.length)));
    }
    return found;
  });
}

function inStore(store: string, names: readonly string[]): string[] {
  const entries = readdirSync(store);
  return names.flatMap((name) => {
    const start = `${name.replace('/', '+')}@`;
    return entries.filter((entry) => entry.startsWith(start)).map((entry) => join(store, entry, NODE_MODULES, name));
  });
}

function belowDependencies(modules: string, names: readonly string[]): string[] {
  const manifest = JSON.parse(readFileSync(join(dirname(modules), 'package.json'), 'utf8')) as { dependencies?: object };
  const dependencies = Object.keys(manifest.dependencies ?? {});
  return dependencies.flatMap((dependency) => names.map((name) => join(modules, dependency, NODE_MODULES, name)));
}
