import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ourRequire } from '../../modules/ourRequire.js';

/** One copy of a package that this process has loaded. */
export interface LoadedPackage {
  readonly root: string;
  readonly version: string;
  /** What its main file exports. */
  readonly exports: unknown;
}

/**
 * Every loaded copy of a CommonJS package, in whichever way it was loaded: ESM imports of CommonJS packages are in
 * `require.cache` too. Not found: packages bundled into the application, and those still loading.
 */
export function loadedPackages(name: string): LoadedPackage[] {
  const marker = `${sep}node_modules${sep}${name.replaceAll('/', sep)}${sep}`;
  const roots = new Set<string>();
  const ours = ourRequire();
  for (const file of Object.keys(ours.cache)) {
    const at = file.lastIndexOf(marker);
    if (at !== -1) roots.add(file.slice(0, at + marker.length - 1));
  }
  return [...roots].flatMap((root) => inspectPackage(ours, root) ?? []);
}

function inspectPackage(ours: NodeJS.Require, root: string): LoadedPackage | undefined {
  try {
    const main = ours.cache[ours.resolve(root)];
    if (main?.loaded !== true) return undefined;
    // Read from disk: an exports map may hide package.json from require.
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version?: unknown };
    return typeof version === 'string' ? { root, version, exports: main.exports } : undefined;
  } catch {
    return undefined;
  }
}
