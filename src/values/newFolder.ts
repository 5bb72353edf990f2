import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isRecord } from './guards.js';

/** The part of `node:fs` that makes folders. */
export interface FolderMaker {
  readonly existsSync: (path: string) => boolean;
  readonly mkdirSync: (path: string, options?: { readonly recursive?: boolean; readonly mode?: number }) => unknown;
  readonly rmdirSync: (path: string) => void;
}

const nodeFs: FolderMaker = { existsSync, mkdirSync, rmdirSync };

/** Makes a folder, with those above it. Throws why not: see `folderRefusal`. */
export function makeFolder(folder: string, mode = 0o777, fs: FolderMaker = nodeFs): void {
  try {
    fs.mkdirSync(folder, { recursive: true, mode });
  } catch (error) {
    throw folderRefusal(folder, error, fs);
  }
}

/**
 * Returns why a folder could not be made with those above it. Node says ENOENT for most of what it is told, on a file system that takes no
 * writes for instance, and somebody would look for a folder that is there. So the first one that is missing is made by itself.
 */
export function folderRefusal(folder: string, error: unknown, fs: FolderMaker = nodeFs): unknown {
  if (!hasCode(error, 'ENOENT')) return error;
  let missing = resolve(folder);
  while (!fs.existsSync(dirname(missing)) && dirname(missing) !== missing) missing = dirname(missing);
  if (fs.existsSync(missing)) return error;
  try {
    fs.mkdirSync(missing);
  } catch (refusal) {
    // A link to a folder that is not there: what is missing is the folder.
    return hasCode(refusal, 'EEXIST') ? error : refusal;
  }
  fs.rmdirSync(missing);
  return error;
}

function hasCode(error: unknown, code: string): boolean {
  return isRecord(error) && error['code'] === code;
}
