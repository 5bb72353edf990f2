import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../../src/errors/classify.js';
import { runningAsRoot, temporaryRoot } from '../../setup/unprivileged.js';

const BLOCK = Buffer.alloc(64 * 1024);
/** The last pages are filled with smaller pieces. */
const SMALLEST_BYTES = 512;

/** A file system of its own with little room, in memory, which can be filled to the last byte. Linux, and as root only. */
export class SmallDisk implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @throws Error where nothing can be mounted. */
  static mount(sizeMib: number): SmallDisk {
    if (!runningAsRoot()) throw new Error('A small file system can only be mounted by root: run this row as root, or leave it out.');
    const folder = mkdtempSync(join(temporaryRoot(), 'handoff-faults-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMib}m,mode=0777`, 'tmpfs', folder]);
    chmodSync(folder, 0o777);
    return new SmallDisk(folder);
  }

  /** Takes all the room that is left. */
  fill(): void {
    const ballast = openSync(this.#ballast, 'a');
    for (let bytes = BLOCK.length; bytes >= SMALLEST_BYTES; ) {
      try {
        writeSync(ballast, BLOCK, 0, bytes);
      } catch (error) {
        if (errorCode(error) !== 'ENOSPC') throw error;
        bytes /= 2;
      }
    }
    closeSync(ballast);
  }

  /** Gives the room back. */
  free(): void {
    rmSync(this.#ballast, { force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.free();
    // Lazily: what is on it may still be open for a moment.
    execFileSync('umount', ['-l', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #ballast(): string {
    return join(this.folder, 'ballast');
  }
}
