import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireSameSdks } from './sdkVersions.js';

/** Copy of the lockfile that was installed last, inside what it installed: another lockfile means another install. */
const STAMP = 'node_modules/.installed-lock.json';

/** Folder of a peer: its package.json, lockfile and `setup.mjs`, and what `npm ci` puts there. */
export function peerFolder(peer: string): string {
  return join(import.meta.dirname, 'peers', peer);
}

/**
 * `npm ci` in the folder of each peer, unless its lockfile is installed already. Peers cannot share one tree (they want
 * different OpenTelemetry lines) and must not enter ours. Scripts of packages do not run; no peer needs one.
 */
export function installPeers(peers: readonly string[], progress: (line: string) => void): void {
  for (const peer of new Set(peers)) {
    const folder = peerFolder(peer);
    const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
    const stamp = join(folder, STAMP);
    if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
      progress(`npm ci in peers/${peer}`);
      install(folder);
      writeFileSync(stamp, lock);
    }
    requireSameSdks(folder);
  }
}

function install(folder: string): void {
  const { status, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  if (error !== undefined || status !== 0) throw new Error(`npm ci failed in ${folder}`, { cause: error });
}
