import { access, link, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { errorCode, errorMessage } from '../../errors/classify.js';
import { UsageError } from './usageError.js';

const PRIVATE_FILE = 0o600;
/** What file systems without hard links answer. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Makes a new file of what `work` writes, and returns whether it did: only if `work` says that all of it was written. The file has its
 * name when it is whole and on the disk; until then, and if the process is killed, there is only one that ends in `.partial`. A file
 * that exists already is never replaced: a `UsageError`, which shows `usage`, says so.
 */
export async function writeNewFile(
  path: string,
  usage: string,
  work: (write: (text: string) => Promise<void>) => Promise<boolean>,
): Promise<boolean> {
  if (await exists(path)) throw alreadyThere(path, usage);
  const partial = `${path}.${process.pid}.partial`;
  const file = await openNew(partial, path, usage);
  try {
    const isWhole = await work(async (text) => file.writeFile(text));
    if (isWhole) await file.sync();
    await file.close();
    if (isWhole) await nameIt(partial, path, usage);
    return isWhole;
  } finally {
    await file.close().catch(() => undefined);
    await rm(partial, { force: true });
  }
}

/** Throws a `UsageError` where `writeNewFile` would, so that a name that cannot be used is refused before there is something to write. */
export async function requireNewFile(path: string, usage: string): Promise<void> {
  await writeNewFile(path, usage, async () => false);
}

/** Nothing was written yet, so that whoever gave the name can give another one. */
async function openNew(partial: string, path: string, usage: string): Promise<FileHandle> {
  try {
    return await open(partial, 'wx', PRIVATE_FILE);
  } catch (error) {
    // The text of Node names the partial file.
    const cause = errorCode(error) ?? errorMessage(error);
    throw new UsageError(`${path} cannot be written (${cause}): name a file in a folder that exists and that you may write to.`, usage);
  }
}

/** A link fails where the name is taken meanwhile, and a rename would replace what is there. */
async function nameIt(partial: string, path: string, usage: string): Promise<void> {
  try {
    await link(partial, path);
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'EEXIST') throw alreadyThere(path, usage);
    if (!NO_LINKS.has(code)) throw error;
    await rename(partial, path);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    // A folder that cannot be entered is reported by the attempt to write there.
    return false;
  }
}

function alreadyThere(path: string, usage: string): UsageError {
  return new UsageError(`${path} exists already: name a file that does not.`, usage);
}
