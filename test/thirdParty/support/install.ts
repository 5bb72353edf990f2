import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cached } from '../../setup/cacheFolder.js';

const run = promisify(execFile);
const manifests = fileURLToPath(new URL('../packages/', import.meta.url));

/** A folder of `packages/` with exactly what its lockfile names installed in it. */
export interface Installation {
  readonly folder: string;
  /** Version of an installed package, as its own manifest says. */
  versionOf(name: string): string;
}

/**
 * Runs `npm ci` for one folder of `packages/`, outside the checkout: inside it, a package that lacks a dependency would find
 * ours, and one with an optional dependency would see our copy. Kept between runs under a hash of what was asked for.
 */
export async function install(name: string): Promise<Installation> {
  const source = join(manifests, name);
  const hash = createHash('sha256')
    .update(readFileSync(join(source, 'package-lock.json')))
    .digest('hex')
    .slice(0, 16);
  const folder = await cached(`third-party-${name}-${hash}`, { worldReadable: false }, async (empty) => {
    cpSync(source, empty, { recursive: true });
    // No scripts: nothing these servers do here needs one, and what is downloaded runs only where it is tested.
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: empty, timeout: 180_000 });
  });
  cpSync(source, folder, { recursive: true }); // a host file may have changed under the same lockfile
  return {
    folder,
    versionOf: (dependency) =>
      (JSON.parse(readFileSync(join(folder, 'node_modules', dependency, 'package.json'), 'utf8')) as { version: string }).version,
  };
}
