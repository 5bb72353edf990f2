import { fstatSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { quietly } from '../errors/quietly.js';

/** Continues "it must be". */
export const FIT_FOR_LOG =
  'a regular file, not a folder, a pipe or a device, and neither stdout, which MCP uses, nor stderr, where the log is when it is not set';

const STDOUT = 1;
const STDERR = 2;

/**
 * Whether the log may be in the file `path`, which need not exist: not in a folder, a pipe or a device, and not where this process has
 * stdout or stderr (`/dev/stderr`, or a file that one of them was redirected to). On stdio the protocol is on stdout, and rotating the
 * file would take it away from under either.
 */
export function isFitForLog(path: string): boolean {
  const file = quietly(() => statSync(path));
  return (
    file === undefined ||
    (file.isFile() &&
      ![STDOUT, STDERR].some((fd) =>
        isSame(
          file,
          quietly(() => fstatSync(fd)),
        ),
      ))
  );
}

function isSame(file: Stats, other: Stats | undefined): boolean {
  return file.dev === other?.dev && file.ino === other.ino;
}
