import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bootstrap } from './bootstraps/bootstrap.js';
import { peerFolder } from './lab/project.js';
import { requireInstalled } from './versions.js';

/** Copy of the lockfile that was installed last: another lockfile means another install. */
const STAMP = 'node_modules/.installed-lock.json';

/** `npm ci` in the folder of a peer, unless its lockfile is installed already. Scripts of packages do not run; none is needed. */
export function install(bootstrap: Bootstrap, progress: (line: string) => void): void {
  if (bootstrap.name === 'ours') return;
  const folder = peerFolder(bootstrap.name);
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const stamp = join(folder, STAMP);
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
    progress(`npm ci for ${bootstrap.npm}`);
    const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
    });
    if (error !== undefined || status !== 0) throw new Error(`npm ci failed in ${folder}`, { cause: error });
    writeFileSync(stamp, lock);
  }
  requireInstalled(bootstrap);
}
