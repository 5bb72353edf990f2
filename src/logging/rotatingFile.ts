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
}

/** A file that is open for appending, and is replaced by an empty one when it is too large or too old. */
export interface RotatingFile {
  /** Calls back once, with an error if not all of it is known to be in the file; the file is of no further use then. */
  write(text: string, done: (error: Error | undefined) => void): void;
  onRotation(listener: () => void): void;
  /**
   * How far the last write is. `waiting`: the file is still being opened, and nothing is written before the event loop runs again. `done`:
   * the file is as large as it is to be.
   */
  progress(): 'waiting' | 'writing' | 'done';
}

type Library = { readonly createStream: typeof createStream };

const PRIVATE_FILE = 0o600;
const INTERVALS = { hourly: '1h', daily: '1d' } as const;

/** Opens a file by the package `rotating-file-stream`. Fails later, through `write`. @throws MissingPeerError */
export function openRotatingFile({ path, maxBytes, interval, keep }: RotatingFileOptions): RotatingFile {
  const stream: RotatingFileStream = requireLibrary().createStream(path, {
    size: `${maxBytes}B`,
    rotate: keep,
    mode: PRIVATE_FILE,
    ...(interval === 'none' ? {} : { interval: INTERVALS[interval] }),
  });
  // Without a listener it would end the process; each write is told by itself.
  stream.on('error', () => undefined);
  let isOpen = false;
  stream.on('open', () => {
    isOpen = true;
    writeWhole(Reflect.get(stream, 'file'));
  });
  return {
    write: (text, done) => {
      stream.write(text, (error) => done(error ?? undefined));
    },
    onRotation: (listener) => {
      stream.on('rotation', listener);
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

/**
 * The library takes it for success when a file takes only a part of what it is given, as on a disk that is nearly full. From now on its
 * file handle writes everything, or fails with the code of the write that took nothing.
 */
function writeWhole(handle: unknown): void {
  if (!isHandle(handle)) return;
  const writeSome = handle.write.bind(handle);
  handle.write = async (bytes) => {
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await writeSome(bytes, written);
      if (bytesWritten === 0) throw Object.assign(new Error('The file took nothing.'), { code: 'ENOSPC' });
      written += bytesWritten;
    }
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
