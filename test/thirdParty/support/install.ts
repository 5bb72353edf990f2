import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lockedInstall } from '../../setup/lockedInstall.js';

const manifests = fileURLToPath(new URL('../packages/', import.meta.url));

/** A folder of `packages/` with exactly what its lockfile names installed in it. */
export interface Installation {
  readonly folder: string;
  /** Version of an installed package, as its own manifest says. */
  versionOf(name: string): string;
}

/** Installs one folder of `packages/`. Nothing that these servers do here needs an install script. */
export async function install(name: string): Promise<Installation> {
  const folder = await lockedInstall(`third-party-${name}`, join(manifests, name));
  return {
    folder,
    versionOf: (dependency) =>
      (JSON.parse(readFileSync(join(folder, 'node_modules', dependency, 'package.json'), 'utf8')) as { version: string }).version,
  };
}
