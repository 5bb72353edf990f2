import { fileURLToPath } from 'node:url';
import { quietly } from '../../errors/quietly.js';
import { ourRequire } from '../loading/ourRequire.js';
import { readManifest } from '../loading/packageFolder.js';
import { matchesFile } from '../loading/watchCjs.js';
import { CLASS_FILES, LIBRARIES, classIn } from './libraryTable.js';
import type { Library } from './libraryTable.js';

/** A class of one loaded copy of a library. */
export interface FoundClass {
  readonly library: Library;
  /** `unknown` where there is no package.json. */
  readonly version: string;
  /** The package's folder, with symbolic links resolved. */
  readonly root: string;
  readonly target: object;
}

/** Deno's cache has a folder for each version: `npm/registry.npmjs.org/pg/8.23.1`. */
const PACKAGE_FILE =
  /^(.*[\\/](?:node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+|npm[\\/][^\\/]+[\\/](?:@[^\\/]+[\\/])?[^\\/]+[\\/]\d[^\\/]*))[\\/](.+)$/s;

/**
 * Returns the class that a file of an installed package exports or hands over; `undefined` if it is not one we cover. Exports are
 * read only where the manifest says that the package is one we cover: those of others may have getters that warn, load more or
 * throw.
 */
export function classOfFile(file: string, exports: unknown): FoundClass | undefined {
  const [, root, inside] = PACKAGE_FILE.exec(file) ?? [];
  if (root === undefined || inside === undefined) return undefined;
  const path = inside.replaceAll('\\', '/');
  const candidates = LIBRARIES.filter(({ files }) => files.includes(path));
  const manifest = candidates.length === 0 ? undefined : readManifest(root);
  const library = candidates.find(({ name }) => name === manifest?.name);
  const target = library === undefined ? undefined : classIn(library, exports);
  if (library === undefined || target === undefined) return undefined;
  return { library, target, root, version: typeof manifest?.version === 'string' ? manifest.version : 'unknown' };
}

export function classOfUrl(url: string, exports: unknown): FoundClass | undefined {
  return url.startsWith('file:') ? classOfFile(fileURLToPath(url), exports) : undefined;
}

/**
 * Returns the classes of every copy this thread has loaded, in whichever way: CommonJS that ES modules import is in `require.cache`
 * too. Not found: copies bundled into the application, and those still loading.
 */
export function loadedClasses(): FoundClass[] {
  const { cache } = ourRequire();
  // One odd file must not hide the others, nor make startup or a `status()` fail.
  return Object.keys(cache).flatMap((file) =>
    matchesFile({ files: CLASS_FILES }, file) ? (quietly(() => classOfLoaded(file, cache[file])) ?? []) : [],
  );
}

function classOfLoaded(file: string, module: NodeJS.Module | undefined): FoundClass | undefined {
  return module?.loaded === true ? classOfFile(file, module.exports) : undefined;
}
