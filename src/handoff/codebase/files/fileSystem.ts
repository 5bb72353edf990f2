import * as fs from 'node:fs';

/**
 * What is asked of the file system. Synchronous, since all of it runs in a thread of its own; a parameter, so that tests can change
 * the files between two of its calls, as an attacker would.
 */
export type FileSystem = Pick<
  typeof fs,
  'realpathSync' | 'lstatSync' | 'statSync' | 'openSync' | 'fstatSync' | 'readlinkSync' | 'readSync' | 'closeSync'
>;

export const machineFiles: FileSystem = fs;
