import { fstatSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { RotatingFileStream, createStream } from 'rotating-file-stream';
import { errorCode } from '../errors/classify.js';
import { MissingPeerError } from '../errors/missingPeerError.js';
import { targetOf } from './targetOf.js';

export interface RotatingFileOptions {
  readonly path: string;
  /** The file is rotated when it is larger. In bytes. */
  readonly maxBytes: number;
  /** When it is rotated besides, by local time. */
  readonly interval: 'hourly' | 'daily' | 'none';
  /** Rotated files that are kept, as `path.1` (the newest) to `path.N`. */
  readonly keep: number;
  /** Whether it is rotated when it is opened, unless it is empty. */
  readonly rotateAtOnce?: boolean;
}

/** A file that is open for appending, and is replaced by an empty one when it is too large or too old. */
export interface RotatingFile {
  /** Calls back once, with an error if not all of it is known to be in the file, or if the file is of no further use. */
  write(text: string, done: WriteListener): void;
  /** What has been written is in the old file when a rotation has `begun`, and there is a new one when it is `done`. */
  onRotation(listener: (stage: 'begun' | 'done') => void): void;
  /** How far the last write is. `waiting`: nothing is written before the event loop runs again. `done`: everything is in the file. */
  progress(): 'waiting' | 'writing' | 'done';
  /** Has the last write, which is `waiting`, do nothing. */
  cancel(): void;
  /** Whether this file is still the one of that name: others may have removed or renamed it. */
  isInPlace(): Promise<boolean>;
  /** Calls back when the file is closed. For a file that can be written. */
  close(done: () => void): void;
}

/** With an error: whether the text is in the file nevertheless, and whether it was the rotation that failed. */
export type WriteListener = (error?: Error, state?: { readonly isWritten: boolean; readonly isUnrotated: boolean }) => void;

type Library = { readonly createStream: typeof createStream };

const PRIVATE_FILE = 0o600;
const NOT_THERE = new Set(['ENOENT', 'ENOTDIR']);
const INTERVALS = { hourly: '1h', daily: '1d' } as const;

/** Opens a file by the package `rotating-file-stream`. Fails later, through `write`. @throws MissingPeerError */
export function openRotatingFile({ path, maxBytes, interval, keep, rotateAtOnce = false }: RotatingFileOptions): RotatingFile {
  const stream: RotatingFileStream = requireLibrary().createStream(targetOf(path), {
    size: `${rotateAtOnce ? 1 : maxBytes}B`,
    rotate: keep,
    mode: PRIVATE_FILE,
    ...(interval === 'none' ? {} : { interval: INTERVALS[interval] }),
  });
  // The library has read the size by which it opens the file, and reads it again for each write.
  if (rotateAtOnce) Reflect.set(Reflect.get(stream, 'options') as object, 'size', maxBytes);
  // Without a listener it would end the process; each write is told by itself.
  stream.on('error', () => undefined);
  let isRotating = false;
  let handle: Handle | undefined;
  /** Those that have not begun, in their order, which is also that of the library. */
  const queue: WriteState[] = [];
  let write = newWrite();
  stream.on('rotation', () => {
    isRotating = true;
  });
  stream.on('rotated', () => {
    isRotating = false;
  });
  stream.on('open', () => {
    const opened: unknown = Reflect.get(stream, 'file');
    if (!isHandle(opened)) return;
    handle = opened;
    writeWhole(opened, () => queue.shift() ?? newWrite());
  });
  return {
    write: (text, done) => {
      const own = newWrite();
      write = own;
      queue.push(own);
      stream.write(text, (error) => {
        if (!error) done();
        else done(error, { isWritten: own.end === 'written', isUnrotated: isRotating && own.end !== 'failed' });
      });
    },
    onRotation: (listener) => {
      // A file that is too large when it is opened is rotated before anything is written.
      stream.on('rotation', () => (handle === undefined ? undefined : listener('begun')));
      stream.on('rotated', () => listener('done'));
    },
    close: (done) => {
      stream.end(done);
    },
    cancel: () => {
      write.isCancelled = true;
    },
    isInPlace: () => (handle === undefined ? Promise.resolve(true) : isNamed(path, handle)),
    progress: () => {
      if (write.whole === undefined) return 'waiting';
      return write.end === 'written' || hasSize(write.whole) ? 'done' : 'writing';
    },
  };
}

type Numbers = { readonly size: number; readonly dev: number; readonly ino: number };

interface Handle {
  readonly fd: number;
  write(bytes: Uint8Array, offset?: number): Promise<{ readonly bytesWritten: number }>;
  stat(): Promise<Numbers>;
}

interface WriteState {
  end: 'none' | 'written' | 'failed';
  isCancelled: boolean;
  /** What size the file has when everything is written; `undefined` before anything is. */
  whole: { readonly handle: Handle; readonly bytes: number } | undefined;
}

const newWrite = (): WriteState => ({ end: 'none', isCancelled: false, whole: undefined });

/**
 * The library takes it for success when a file takes only a part of what it is given, as on a disk that is nearly full. From now on its
 * file handle writes everything, or fails with the code of the write that took nothing; and it notes how far each write is. For that it
 * looks at the size, since the one that the library counts is wrong once others have truncated the file.
 */
function writeWhole(handle: Handle, nextWrite: () => WriteState): void {
  const writeSome = handle.write.bind(handle);
  handle.write = async (bytes) => {
    const own = nextWrite();
    let written = 0;
    try {
      const { size } = await handle.stat();
      if (own.isCancelled) return { bytesWritten: bytes.length };
      own.whole = { handle, bytes: size + bytes.length };
      while (written < bytes.length) {
        const { bytesWritten } = await writeSome(bytes, written);
        if (bytesWritten === 0) throw Object.assign(new Error('The file took nothing.'), { code: 'ENOSPC' });
        written += bytesWritten;
      }
    } catch (error) {
      own.end = 'failed';
      throw error;
    }
    own.end = 'written';
    return { bytesWritten: written };
  };
}

function hasSize({ handle, bytes }: { readonly handle: Handle; readonly bytes: number }): boolean {
  try {
    return fstatSync(handle.fd).size >= bytes;
  } catch {
    return false;
  }
}

/** A name that cannot be looked up, as in a folder that may no longer be searched, says nothing: the open file can still be written. */
async function isNamed(path: string, handle: Handle): Promise<boolean> {
  try {
    const [own, named] = await Promise.all([handle.stat(), stat(path)]);
    return own.dev === named.dev && own.ino === named.ino;
  } catch (error) {
    return !NOT_THERE.has(errorCode(error) ?? '');
  }
}

function isHandle(value: unknown): value is Handle {
  return typeof value === 'object' && value !== null && 'write' in value && 'stat' in value && 'fd' in value;
}

function requireLibrary(): Library {
  try {
    return createRequire(import.meta.url)('rotating-file-stream') as Library;
  } catch (error) {
    if (errorCode(error) !== 'MODULE_NOT_FOUND') throw error;
    throw new MissingPeerError('rotating-file-stream', 'npm install rotating-file-stream@3', 'A log file (HANDOFF_LOG_FILE)', error);
  }
}
