import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootstraps } from './bootstraps/all.js';
import type { Bootstrap } from './bootstraps/bootstrap.js';
import { peerFolder } from './lab/project.js';

const ROOT = join(import.meta.dirname, '../..');

/** The version in the lockfile of its folder; ours is that of the package itself. */
export function versionOf({ name, npm }: Pick<Bootstrap, 'name' | 'npm'>): string {
  if (name === 'ours') return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
  const lock = JSON.parse(readFileSync(join(peerFolder(name), 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { version?: string }>;
  };
  const version = lock.packages[`node_modules/${npm}`]?.version;
  if (version === undefined) throw new Error(`the lockfile of ${name} has no ${npm}`);
  return version;
}

export function versionNamed(name: string): string {
  const found = bootstraps.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no such package: ${name}`);
  return versionOf(found);
}

/** @throws Error when what is installed is not what the lockfile says. */
export function requireInstalled(bootstrap: Bootstrap): void {
  if (bootstrap.name === 'ours') return;
  const manifest = join(peerFolder(bootstrap.name), 'node_modules', bootstrap.npm, 'package.json');
  const installed = existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version : 'nothing';
  const locked = versionOf(bootstrap);
  if (installed !== locked) throw new Error(`${bootstrap.npm} ${locked} is in the lockfile, ${installed} is installed`);
}
