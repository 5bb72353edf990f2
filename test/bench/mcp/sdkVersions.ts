import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const OUR_TREE = join(import.meta.dirname, '../../..');
const SDKS = ['@modelcontextprotocol/server', '@modelcontextprotocol/client', '@modelcontextprotocol/sdk', 'zod'] as const;
type Sdk = (typeof SDKS)[number];

/** Version in our tree, which bare, floor and ours run on. */
export function sdkVersion(name: Sdk): string {
  const version = versionIn(OUR_TREE, name);
  if (version === undefined) throw new Error(`${name} is not installed`);
  return version;
}

/** @throws Error when the folder of a peer has another version than ours: the difference would count for the peer. */
export function requireSameSdks(folder: string): void {
  for (const name of SDKS) {
    const theirs = versionIn(folder, name);
    if (theirs !== undefined && theirs !== sdkVersion(name))
      throw new Error(`${folder} has ${name} ${theirs}, our tree ${sdkVersion(name)}: bring its package.json and lockfile in line`);
  }
}

function versionIn(folder: string, name: Sdk): string | undefined {
  const manifest = join(folder, 'node_modules', name, 'package.json');
  if (!existsSync(manifest)) return undefined;
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
