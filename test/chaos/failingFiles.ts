import { appendFileSync, readFileSync } from 'node:fs';
import files from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { FILE_FAULTS_VARIABLE, type FileFault, type FileFaultsPlan } from './fileFaults.js';
import { seededRandom } from './random.js';

// Loaded into a replica before its own code: lets calls of the file system fail below one folder, as a disk or a network share does.
// Whatever reads and writes there meets the errors where the system would report them.

const plan = JSON.parse(process.env[FILE_FAULTS_VARIABLE] ?? '') as FileFaultsPlan;
const random = seededRandom(plan.seed);
const { open, rename, stat, unlink } = files;

const isOurs = (place: unknown): place is string => typeof place === 'string' && place.startsWith(plan.folder + path.sep);

/** Whether a call fails now. The share is read anew each time: the proof changes it meanwhile. */
function strikes(): boolean {
  const share = Number(readFileSync(plan.shareFile, 'utf8'));
  return share > 0 && random.next() < share;
}

function isThere(place: string): Promise<boolean> {
  return stat(place).then(
    () => true,
    () => false,
  );
}

function failure(fault: FileFault, code: string): Error {
  appendFileSync(plan.logFile, `${fault}\n`);
  return Object.assign(new Error(`${code}: injected`), { code });
}

/** A file that can be opened and not kept: the disk is full half way, or what was written does not reach it. */
function failingHandle(handle: FileHandle): FileHandle {
  if (random.next() < 0.5) {
    handle.writeFile = async (data) => {
      const bytes = data as Uint8Array;
      await handle.write(bytes.subarray(0, Math.floor(bytes.length / 2)));
      throw failure('no_space', 'ENOSPC');
    };
  } else {
    handle.sync = () => Promise.reject(failure('not_synchronised', 'EIO'));
  }
  return handle;
}

/** A file that can be opened and not read. */
function unreadableHandle(handle: FileHandle): FileHandle {
  return Object.assign(handle, { read: () => Promise.reject(failure('not_readable', 'EIO')) });
}

Object.assign(files, {
  open: async (...args: Parameters<typeof open>) => {
    const [place, flags] = args;
    // Folders are opened with `r`, to be synchronised.
    if (flags === 'r' || !isOurs(place) || !strikes()) return open(...args);
    if (flags !== 'wx') return unreadableHandle(await open(...args));
    if (random.next() < 0.33) throw failure('read_only', 'EROFS');
    return failingHandle(await open(...args));
  },
  rename: async (...args: Parameters<typeof rename>) => {
    if (!isOurs(args[0]) || !strikes()) return rename(...args);
    if (random.next() < 0.5) throw failure('not_renamed', 'EIO');
    await rename(...args);
    throw failure('renamed_untold', 'EIO');
  },
  unlink: async (...args: Parameters<typeof unlink>) => {
    const [place] = args;
    // What is not there is not busy either.
    if (isOurs(place) && (await isThere(place)) && strikes()) throw failure('not_deleted', 'EBUSY');
    await unlink(...args);
  },
});
syncBuiltinESMExports();
