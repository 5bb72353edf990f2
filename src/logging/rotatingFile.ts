import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RotatingFileStream, createStream } from 'rotating-file-stream';
import { errorCode } from '../errors/classify.js';
import { MissingPeerError } from '../errors/missingPeerError.js';

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
  /** Calls back once, with an error if not all of it is known to be in the file; the file is of no further use then. */
  write(text: string, done: WriteListener): void;
  /** What has been written is in the old file when a rotation has `begun`, and there is a new one when it is `done`. */
  onRotation(listener: (stage: 'begun' | 'done') => void): void;
  /**
   * How far the last write is. `waiting`: the file is still being opened, and nothing is written before the event loop runs again. `done`:
   * the file is as large as it is to be.
   */
  progress(): 'waiting' | 'writing' | 'done';
  /** Calls back when the file is closed. For a file that can be written. */
  close(done: () => void): void;
}

/** Where it is the rotation that failed, `unrotated` says whether the text is in the file nevertheless. */
export type WriteListener = (error: Error | undefined, unrotated?: { readonly isWritten: boolean }) => void;

type Library = { readonly createStream: typeof createStream };

const PRIVATE_FILE = 0o600;
const INTERVALS = { hourly: '1h', daily: '1d' } as const;

/** Opens a file by the package `rotating-file-stream`. Fails later, through `write`. @throws MissingPeerError */
export function openRotatingFile({ path, maxBytes, interval, keep, rotateAtOnce = false }: RotatingFileOptions): RotatingFile {
  const stream: RotatingFileStream = requireLibrary().createStream(path, {
    size: `${rotateAtOnce ? 1 : maxBytes}B`,
    rotate: keep,
    mode: PRIVATE_FILE,
    ...(interval === 'none' ? {} : { interval: INTERVALS[interval] }),
  });
  // The library has read the size by which it opens the file, and reads it again for each write.
  if (rotateAtOnce) Reflect.set(Reflect.get(stream, 'options') as object, 'size', maxBytes);
  // Without a listener it would end the process; each write is told by itself.
  stream.on('error', () => undefined);
  let isOpen = false;
  let isRotating = false;
  let write: WriteState = { end: 'none' };
  stream.on('rotation', () => {
    isRotating = true;
  });
  stream.on('rotated', () => {
    isRotating = false;
  });
  stream.on('open', () => {
    isOpen = true;
    writeWhole(Reflect.get(stream, 'file'), (end) => {
      write.end = end;
    });
  });
  return {
    write: (text, done) => {
      const own: WriteState = { end: 'none' };
      write = own;
      stream.write(text, (error) => {
        if (error && isRotating && own.end !== 'failed') done(error, { isWritten: own.end === 'written' });
        else done(error ?? undefined);
      });
    },
    onRotation: (listener) => {
      // A file that is too large when it is opened is rotated before anything is written.
      stream.on('rotation', () => (isOpen ? listener('begun') : undefined));
      stream.on('rotated', () => listener('done'));
    },
    close: (done) => {
      stream.end(done);
    },
    progress: () => {
      if (!isOpen) return 'waiting';
      try {
        const size: unknown = Reflect.get(stream, 'size');
        return typeof size === 'number' && statSync(path).size >= size ? 'done' : 'writing';
      } catch {
        return 'writing';
      }
    },
  };
}

interface Handle {
  write(bytes: Uint8Array, offset?: number): Promise<{ readonly bytesWritten: number }>;
}

interface WriteState {
  end: 'none' | 'written' | 'failed';
}

/**
 * The library takes it for success when a file takes only a part of what it is given, as on a disk that is nearly full. From now on its
 * file handle writes everything, or fails with the code of the write that took nothing; and it tells how each write ended.
 */
function writeWhole(handle: unknown, onEnd: (end: 'written' | 'failed') => void): void {
  if (!isHandle(handle)) return;
  const writeSome = handle.write.bind(handle);
  handle.write = async (bytes) => {
    let written = 0;
    try {
      while (written < bytes.length) {
        const { bytesWritten } = await writeSome(bytes, written);
        if (bytesWritten === 0) throw Object.assign(new Error('The file took nothing.'), { code: 'ENOSPC' });
        written += bytesWritten;
      }
    } catch (error) {
      onEnd('failed');
      throw error;
    }
    onEnd('written');
    return { bytesWritten: written };
  };
}

function isHandle(value: unknown): value is Handle {
  return typeof value === 'object' && value !== null && 'write' in value && typeof value.write === 'function';
}

function requireLibrary(): Library {
  try {
    return createRequire(import.meta.url)('rotating-file-stream') as Library;
  } catch (error) {
    if (errorCode(error) !== 'MODULE_NOT_FOUND') throw error;
    throw new MissingPeerError('rotating-file-stream', 'npm install rotating-file-stream@3', 'A log file (HANDOFF_LOG_FILE)', error);
  }
}
