import { readlinkSync, realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { quietly } from '../errors/quietly.js';

/** As many as Linux follows; others lead in a circle. */
const MAX_LINKS = 40;

/** Where a link leads, also to a file that is still to be made: rotating would rename the link, and begin the new file in its place. */
export function targetOf(path: string): string {
  let target = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    const found = quietly(() => realpathSync(target)) ?? quietly(() => resolve(realpathSync(dirname(target)), readlinkSync(target)));
    if (found === undefined || found === target) break;
    target = found;
  }
  return target;
}
