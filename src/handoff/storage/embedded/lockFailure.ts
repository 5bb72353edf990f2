import { lstatSync } from 'node:fs';
import { errorMessage } from '../../../errors/classify.js';

/** Code of the error for a lock file that is something else. Becomes reason `lock_damaged`. */
export const DAMAGED_LOCK = 'DAMAGED_LOCK';

/** Code of `node:sqlite` errors, kept for a lock file that may not be created or written. */
export const LOCK_NOT_WRITABLE = 'ERR_SQLITE_ERROR';

/** SQLite's primary result codes, the low byte of `errcode`. */
const sqliteBusy = 5;
const systemCodes: ReadonlyMap<number, string> = new Map([
  [3, LOCK_NOT_WRITABLE], // SQLITE_PERM
  [8, LOCK_NOT_WRITABLE], // SQLITE_READONLY
  [11, DAMAGED_LOCK], // SQLITE_CORRUPT
  [13, 'ENOSPC'], // SQLITE_FULL
  [14, LOCK_NOT_WRITABLE], // SQLITE_CANTOPEN
  [26, DAMAGED_LOCK], // SQLITE_NOTADB
]);

/** True when an attempt to take the lock failed because another holder has it. */
export function isLockTaken(error: unknown): boolean {
  return resultCode(error) === sqliteBusy;
}

/** Returns SQLite's error about the lock file at `path`, with a code that determines the advice. */
export function lockFailure(path: string, error: unknown): Error {
  const code = isNoFile(path) ? DAMAGED_LOCK : systemCodes.get(resultCode(error) ?? 0);
  return Object.assign(new Error(`${path}: ${errorMessage(error)}`, { cause: error }), code === undefined ? {} : { code });
}

function resultCode(error: unknown): number | undefined {
  return typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : undefined;
}

/** SQLite reports a folder, or a dangling link, in the same way as a file it may not open. */
function isNoFile(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile();
}
