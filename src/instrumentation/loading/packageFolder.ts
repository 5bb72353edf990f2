import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PackageManifest {
  readonly name?: unknown;
  readonly version?: unknown;
  readonly exports?: unknown;
}

/** Reads the package.json of a package folder with `fs`, since an exports map may hide it; `undefined` if there is none. */
export function readManifest(root: string): PackageManifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    return typeof manifest === 'object' && manifest !== null ? manifest : undefined;
  } catch {
    return undefined;
  }
}

const IMPORT_CONDITIONS = new Set(['node', 'import', 'module-sync', 'default']);

/**
 * Returns the file that `import` of `subpath` (`.`, `./stdio`) resolves to by an exports map, relative to the package; patterns are
 * ignored.
 */
export function importTarget(exports: unknown, subpath: string): string | undefined {
  return typeof exports === 'object' && exports !== null ? firstMatch(Reflect.get(exports, subpath)) : undefined;
}

function firstMatch(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, value] of Object.entries(target)) {
    const found = IMPORT_CONDITIONS.has(condition) ? firstMatch(value) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
