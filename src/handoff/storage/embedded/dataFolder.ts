import { type Stats, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../../errors/classify.js';

/** Code of the error for an existing folder that is not a database. Becomes reason `damaged`. */
export const DAMAGED_FOLDER = 'DAMAGED_FOLDER';

/**
 * Returns whether there is a database in `folder`: false only when nothing has that name, not even a dangling link.
 *
 * Throws an error with code `DAMAGED_FOLDER` for anything else. The engine treats every folder without `PG_VERSION` as
 * new and writes an empty database over what is left of the old one: half a restored backup, or a disk that lost a file.
 */
export function hasDatabase(folder: string): boolean {
  const found = statusOf(folder);
  if (found === undefined) return false;
  // A link would put the tables where another lock, next to another link, does not protect them.
  if (found.isSymbolicLink()) throw damaged(`${folder} is a link: move its target here, or point HANDOFF_DATA_DIR to the target`);
  if (!found.isDirectory()) throw damaged(`${folder} is a file, not a folder`);
  if (statusOf(join(folder, 'PG_VERSION')) !== undefined) return true;
  throw damaged(readdirSync(folder).length === 0 ? `${folder} is empty` : `${folder} has no file PG_VERSION`);
}

/** Returns what `path` itself is, or undefined when nothing exists there. An unreadable folder does not count as missing. */
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
