import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Package } from './packages.js';
import { PEER_FOLDERS } from './subjects/peerModules.js';

const ROOT = join(import.meta.dirname, '../..');

/** The version in the lockfile of its folder; ours is that of the package itself. */
export function versionOf({ name, npm }: Package): string {
  if (name === 'ours') return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
  return lockedIn(PEER_FOLDERS[name], npm);
}

/** The SDKs that everybody is looked at on: those of our tree. */
export function sdkVersions(): readonly string[] {
  return ['@modelcontextprotocol/sdk', '@modelcontextprotocol/server', '@modelcontextprotocol/client'].map(
    (name) => `\`${name}\` ${lockedIn(ROOT, name)}`,
  );
}

function lockedIn(folder: string, npm: string): string {
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as { packages: Record<string, { version?: string }> };
  const version = lock.packages[`node_modules/${npm}`]?.version;
  if (version === undefined) throw new Error(`${folder} has no ${npm} in its lockfile`);
  return version;
}

/** @throws Error when what is installed is not what the lockfile says. */
export function requireInstalled({ name, npm }: Package): void {
  if (name === 'ours') return;
  const manifest = join(PEER_FOLDERS[name], 'node_modules', npm, 'package.json');
  const installed = existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version : 'nothing';
  const locked = lockedIn(PEER_FOLDERS[name], npm);
  if (installed !== locked) throw new Error(`${npm} ${locked} is in the lockfile, ${installed} is installed`);
}
