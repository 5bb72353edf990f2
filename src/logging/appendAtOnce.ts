import { appendFileSync, closeSync, constants, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../errors/classify.js';
import { makeFolder } from '../values/newFolder.js';

const PRIVATE_FILE = 0o600;
/** Where a pipe that nobody reads is in the place of the file, opening fails instead of waiting for a reader. */
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

/** Appends to a file without the event loop, and makes it if need be, with its folder. */
export function appendAtOnce(path: string, text: string): void {
  const file = openOrMake(path);
  try {
    appendFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

function openOrMake(path: string): number {
  try {
    return openSync(path, FLAGS, PRIVATE_FILE);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    makeFolder(dirname(path));
    return openSync(path, FLAGS, PRIVATE_FILE);
  }
}
