import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cached } from './cacheFolder.js';

const run = promisify(execFile);

/**
 * Runs `npm ci` for a folder with a lockfile, outside the checkout: inside it, a package that lacks a dependency would find ours, and one
 * with an optional dependency would see our copy. Kept between runs under a hash of what was asked for. No scripts are run.
 *
 * @param name begins the name of the folder in the cache
 * @param finish runs in the new folder, once
 */
export async function lockedInstall(name: string, source: string, finish?: (folder: string) => Promise<void>): Promise<string> {
  const hash = createHash('sha256')
    .update(readFileSync(join(source, 'package-lock.json')))
    .digest('hex')
    .slice(0, 16);
  const folder = await cached(`${name}-${hash}`, { worldReadable: false }, async (empty) => {
    cpSync(source, empty, { recursive: true });
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: empty, timeout: 180_000 });
    await finish?.(empty);
  });
  cpSync(source, folder, { recursive: true }); // a program may have changed under the same lockfile
  return folder;
}
