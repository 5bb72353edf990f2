import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMapping } from '../../../../values/guards.js';

/** One copy of a package. */
export interface Installed {
  readonly version: string;
  /** Its real folder. */
  readonly folder: string;
}

/** Returns the copy that this package itself loads. */
export function installedHere(name: string): Installed | undefined {
  try {
    let folder = dirname(fileURLToPath(import.meta.resolve(name)));
    // The main file may be at any depth below the package's folder.
    while (nameIn(folder) !== name) {
      const above = dirname(folder);
      if (above === folder) return undefined;
      folder = above;
    }
    return copyIn(folder);
  } catch {
    return undefined;
  }
}

/** Returns the copy that a program in `start` loads. */
export function installedAt(name: string, start: string): Installed | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(join(found, 'package.json'))) return copyIn(found);
    if (folder === dirname(folder)) return undefined;
  }
}

function copyIn(folder: string): Installed | undefined {
  const version = manifestOf(folder)['version'];
  return typeof version === 'string' ? { version, folder: realpathSync(folder) } : undefined;
}

function nameIn(folder: string): unknown {
  return manifestOf(folder)['name'];
}

function manifestOf(folder: string): Readonly<Record<string, unknown>> {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return isMapping(manifest) ? manifest : {};
  } catch {
    return {};
  }
}
