import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { quietly } from '../errors/quietly.js';

const NEWLINE = 10;

/** Whether a file ends in a part of a line, as a full disk or a process that was killed leaves it; `undefined` if that cannot be seen. */
export function endsInPart(path: string): boolean | undefined {
  return quietly(() => {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size } = fstatSync(file);
      const last = Buffer.alloc(1);
      return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last[0] !== NEWLINE;
    } finally {
      closeSync(file);
    }
  });
}
