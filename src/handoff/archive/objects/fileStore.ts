import { constants } from 'node:fs';
import { mkdir, open, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { errorCode } from '../../../errors/classify.js';
import { folderRefusal } from '../../../values/newFolder.js';
import { checkedKey } from './objectStore.js';
import type { ObjectStore } from './objectStore.js';

const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;
/** Keys are written once, so what a crash left under this name belongs to nobody else. */
const PARTIAL = '.partial';

/**
 * Keeps objects as files below a folder, which is created with mode 0700. An object appears under its name only when all of it
 * is on the disk: it is written under another name, synchronised, renamed, and then the folder is synchronised where that can be done.
 */
export function createFileStore(folder: string): ObjectStore {
  const root = resolve(folder);
  const pathOf = (key: string): string => join(root, ...checkedKey(key).split('/'));
  return {
    kind: 'files',
    location: root,
    put: async (key, body) => {
      const path = pathOf(key);
      await makeFolder(dirname(path));
      await writeDurably(`${path}${PARTIAL}`, body);
      await rename(`${path}${PARTIAL}`, path);
      await syncFolder(dirname(path));
    },
    get: (key, maxBytes = Infinity) => unlessAbsent(readRegular(pathOf(key), maxBytes)),
    head: async (key) => {
      const found = await unlessAbsent(stat(pathOf(key)));
      return found === undefined ? undefined : { bytes: found.size };
    },
    delete: async (key) => {
      const path = pathOf(key);
      const removed = [await remove(path), await remove(`${path}${PARTIAL}`)];
      if (removed.includes(true)) await syncFolder(dirname(path));
    },
  };
}

/** A new folder is durable only when the one above it is synchronised. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER }).catch((error: unknown) => {
    throw folderRefusal(folder, error);
  });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function writeDurably(path: string, body: Uint8Array): Promise<void> {
  // Neither through a link that somebody has put there, nor into a file of theirs.
  await remove(path);
  const file = await open(path, 'wx', PRIVATE_FILE);
  try {
    await file.writeFile(body);
    await file.sync();
  } catch (error) {
    await file.close().catch(() => undefined);
    // A full disk gets its space back at once.
    await remove(path).catch(() => undefined);
    throw error;
  }
  await file.close();
}

/** Windows has no pipes among its files. */
const { O_NONBLOCK = 0 }: { readonly O_NONBLOCK?: number } = constants;

/**
 * Reads a file to its end, or until it has more than `maxBytes`. What is no regular file is not read: a pipe that nobody writes to would
 * hold one of the few threads of the process for file systems for ever, whatever the time limit, and some devices have no end.
 */
async function readRegular(path: string, maxBytes: number): Promise<Uint8Array> {
  // Opening a device can have effects.
  if (!(await stat(path)).isFile()) throw notAFile(path);
  const file = await open(path, constants.O_RDONLY | O_NONBLOCK);
  try {
    const found = await file.stat();
    if (!found.isFile()) throw notAFile(path);
    const wanted = Math.min(found.size, maxBytes + 1);
    const body = Buffer.allocUnsafeSlow(wanted);
    let length = 0;
    while (length < wanted) {
      const { bytesRead } = await file.read(body, length, wanted - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return body.subarray(0, length);
  } finally {
    await file.close();
  }
}

/** As Node words it where a folder is read. */
function notAFile(path: string): Error {
  return Object.assign(new Error(`EISDIR: not a regular file, read '${path}'`), { code: 'EISDIR' });
}

/** What file systems answer that cannot synchronise a folder, as some of networks and of user space. They keep names as they can. */
const CANNOT_SYNC = ['EINVAL', 'EBADF', 'EISDIR', 'ENOTSUP'];

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!CANNOT_SYNC.includes(errorCode(error) ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

async function remove(path: string): Promise<boolean> {
  return (await unlessAbsent(unlink(path).then(() => true))) ?? false;
}

async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
