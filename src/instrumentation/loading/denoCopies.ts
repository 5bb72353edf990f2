import { dirname } from 'node:path';
import { quietly } from '../../errors/quietly.js';
import { ourRequire } from './ourRequire.js';
import { readManifest } from './packageFolder.js';

/**
 * Returns the folders of the copies of `names` that this package would get on Deno, which has its packages in one cache for all
 * projects unless there is a `node_modules`: the versions beside ours need not be those of this program, so Deno is asked. Loads
 * nothing, never throws. Finds nothing on other runtimes.
 */
export function denoCopies(names: readonly string[]): string[] {
  if (process.versions['deno'] === undefined) return [];
  return names.flatMap((name) => found(name, name) ?? found(`${name}/package.json`, name) ?? []);
}

/** The exports map of a package may have one of the two specifiers, none, or (MCP SDK v1) name a main file that does not exist. */
function found(specifier: string, name: string): string | undefined {
  return quietly(() => folderOf(ourRequire().resolve(specifier), name));
}

function folderOf(file: string, name: string): string | undefined {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (readManifest(folder)?.name === name) return folder;
  }
  return undefined;
}
