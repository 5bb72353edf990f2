import { fileURLToPath } from 'node:url';
import { ourRequire } from '../../modules/ourRequire.js';
import { readManifest } from '../../modules/packageFolder.js';
import { matchesFile } from '../../modules/watchCjs.js';
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

const PACKAGE_FILE = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/](.+)$/s;

/** The class that a file of an installed package exports or hands over; `undefined` if it is none of ours. */
export function classOfFile(file: string, exports: unknown): FoundClass | undefined {
  const [, root, inside] = PACKAGE_FILE.exec(file) ?? [];
  if (root === undefined || inside === undefined) return undefined;
  const path = inside.replaceAll('\\', '/');
  const candidates = LIBRARIES.flatMap((library) => {
    const target = library.files.includes(path) ? classIn(library, exports) : undefined;
    return target === undefined ? [] : [{ library, target }];
  });
  if (candidates.length === 0) return undefined;
  const manifest = readManifest(root);
  const found = candidates.find(({ library }) => library.name === manifest?.name);
  return found === undefined ? undefined : { ...found, root, version: typeof manifest?.version === 'string' ? manifest.version : 'unknown' };
}

export function classOfUrl(url: string, exports: unknown): FoundClass | undefined {
  return url.startsWith('file:') ? classOfFile(fileURLToPath(url), exports) : undefined;
}

/**
 * Classes of every copy this thread has loaded, in whichever way: ES modules that import CommonJS have it in `require.cache`
 * too. Not found: copies bundled into the application, and those still loading.
 */
export function loadedClasses(): FoundClass[] {
  const { cache } = ourRequire();
  return Object.keys(cache).flatMap((file) => {
    const module = matchesFile({ files: CLASS_FILES }, file) ? cache[file] : undefined;
    return module?.loaded === true ? (classOfFile(file, module.exports) ?? []) : [];
  });
}
