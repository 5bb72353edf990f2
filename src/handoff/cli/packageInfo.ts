import { readFileSync } from 'node:fs';

interface PackageInfo {
  readonly name: string;
  readonly version: string;
}

/** Folder that holds package.json; the relative path is the same from the sources and from the build. */
export const packageRoot = new URL('../../../', import.meta.url);

export function packageInfo(): PackageInfo {
  return JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as PackageInfo;
}
