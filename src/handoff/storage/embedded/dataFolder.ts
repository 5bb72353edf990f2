import { type Stats, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../../errors/classify.js';

/** Code of the error that says that a folder is there and is no database. Becomes reason `damaged`. */
export const DAMAGED_FOLDER = 'DAMAGED_FOLDER';

/**
 * Whether there is a database in `folder`: false only when nothing at all has that name, not even a link to nowhere.
 *
 * Throws an error with code `DAMAGED_FOLDER` for anything else. The engine takes every folder without `PG_VERSION` for a
 * new one and writes an empty database over what is left of the old: half a restored backup, a disk that lost a file.
 */
export function hasDatabase(folder: string): boolean {
  const found = statusOf(folder);
  if (found === undefined) return false;
  // A link would put the tables where another lock, beside another link, does not protect them.
  if (found.isSymbolicLink())
    throw damaged(`${folder} is a link: move the folder it names here, or point HANDOFF_DATA_DIR to where that is`);
  if (!found.isDirectory()) throw damaged(`${folder} is a file, not a folder`);
  if (statusOf(join(folder, 'PG_VERSION')) !== undefined) return true;
  throw damaged(readdirSync(folder).length === 0 ? `${folder} is empty` : `${folder} has no file PG_VERSION`);
}

/** What `path` itself is, or undefined when there is nothing. A folder that may not be read is no missing one. */
function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function damaged(detail: string): Error {
  return Object.assign(new Error(detail), { code: DAMAGED_FOLDER });
}
