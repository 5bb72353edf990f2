import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { errorCode } from '../../../errors/classify.js';
import type { FileSystem } from './fileSystem.js';
import { asRefusal, isNever, isUnder, locate, outside } from './locate.js';
import type { Located } from './locate.js';
import { Refusal } from './refusal.js';

export interface SourceFile {
  readonly bytes: Buffer;
  /** The same for two paths that lead to one file. */
  readonly identity: string;
}

export interface ReadLimits {
  readonly maxFileBytes: number;
  /** What is left of the limit for all files of the call. */
  readonly remainingBytes: number;
}

/**
 * Reads a file under one of the roots.
 *
 * Between two looks at a path, somebody can put a symbolic link in its place. So the path decides only what is opened; whether that
 * may be read is decided by the handle: what kind of file it is, how large, and where it lies.
 *
 * @throws Refusal
 */
export function readSource(filePath: string, roots: readonly string[], limits: ReadLimits, files: FileSystem): SourceFile {
  try {
    const located = locate(filePath, roots, files);
    // Opening a device or a pipe can have effects.
    if (!files.lstatSync(located.path).isFile()) throw notAFile();
    const handle = files.openSync(located.path, READ_ONLY);
    try {
      return readHandle(handle, located, limits, files);
    } finally {
      files.closeSync(handle);
    }
  } catch (error) {
    throw asRefusal(error);
  }
}

/** Windows has neither. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 }: { readonly O_NOFOLLOW?: number; readonly O_NONBLOCK?: number } = constants;
/** No link in place of the file, and no waiting for the other end of a pipe. */
const READ_ONLY = constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

function readHandle(handle: number, located: Located, limits: ReadLimits, files: FileSystem): SourceFile {
  const stats = files.fstatSync(handle, { bigint: true });
  if (!stats.isFile()) throw notAFile();
  if (stats.nlink === 0n) throw new Refusal('not_found', 'The file was deleted meanwhile.');
  if (!isStillUnder(handle, stats, located, files)) throw outside();
  if (stats.size > limits.maxFileBytes)
    throw new Refusal('too_large', `The file is larger than ${limits.maxFileBytes} bytes (HANDOFF_CODEBASE_MAX_FILE_BYTES).`);
  if (stats.size > limits.remainingBytes)
    throw new Refusal('total_too_large', 'The files of this call are too large together (HANDOFF_CODEBASE_MAX_TOTAL_BYTES).');
  return { bytes: readAll(handle, Number(stats.size), files), identity: `${stats.dev}:${stats.ino}` };
}

/** Linux says where the open file lies. Elsewhere the path, which has no link in it, has to lead to the open file, before and after. */
function isStillUnder(handle: number, stats: BigIntStats, { path, root }: Located, files: FileSystem): boolean {
  const place = placeOf(handle, files);
  if (place !== undefined) return isUnder(root, place) && !isNever(place);
  const leadsThere = (): boolean => {
    const now = files.statSync(path, { bigint: true });
    return now.dev === stats.dev && now.ino === stats.ino;
  };
  return leadsThere() && files.realpathSync(path) === path && leadsThere();
}

function placeOf(handle: number, files: FileSystem): string | undefined {
  try {
    return files.readlinkSync(`/proc/self/fd/${handle}`);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}

/** Reads no more than the file had when it was opened: it may grow without end. */
function readAll(handle: number, size: number, files: FileSystem): Buffer {
  const buffer = Buffer.alloc(size);
  let length = 0;
  while (length < size) {
    const count = files.readSync(handle, buffer, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  return buffer.subarray(0, length);
}

function notAFile(): Refusal {
  return new Refusal('not_a_file', 'The path does not lead to a regular file.');
}
