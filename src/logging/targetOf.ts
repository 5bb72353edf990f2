import { readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { quietly } from '../errors/quietly.js';

/** Where a link leads, also to a file that is still to be made: rotating would rename the link, and begin the new file in its place. */
export function targetOf(path: string): string {
  return quietly(() => realpathSync(path)) ?? quietly(() => resolve(dirname(path), readlinkSync(path))) ?? path;
}
