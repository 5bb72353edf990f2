import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, lstatSync, readFileSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../../values/newFolder.js';

/** pg builds the same name from a folder and the default port, so `psql -h <folder>` also works. */
const socketName = '.s.PGSQL.5432';

/** Socket paths are limited to 103 bytes on macOS and 107 on Linux; a longer one is truncated or refused. */
const socketPathMaxBytes = 100;

/** What determines an address besides the folder. */
export interface AddressPlace {
  readonly platform: NodeJS.Platform;
  readonly temporaryFolder: string;
  /** 24 hexadecimal digits nobody can guess: whoever creates the folder first would receive the data meant for it. */
  readonly nonce: string;
}

/**
 * Returns where the owner of `home` listens: inside it, so that only users who may enter the folder can connect.
 * If the path is too long for a socket, it is a private folder, a new one each time, under the temporary folder, or under
 * `/tmp` if that path is too long as well; on Windows it is a named pipe.
 */
export function ownerAddress(home: string, { platform, temporaryFolder, nonce }: AddressPlace): string {
  // A pipe, not a TCP port: any user of the machine could connect to a port. Not yet tried on a real Windows machine.
  if (platform === 'win32') return `\\\\.\\pipe\\handoff-otel-${createHash('sha256').update(home).digest('hex').slice(0, 24)}`;
  const folders = [home, join(temporaryFolder, `handoff-otel-${nonce}`), `/tmp/handoff-otel-${nonce}`];
  const addresses = folders.map((folder) => join(folder, socketName));
  return addresses.find((address) => Buffer.byteLength(address) <= socketPathMaxBytes) ?? `/tmp/handoff-otel-${nonce}/${socketName}`;
}

/**
 * Makes the folder private to this user. Throws when it exists and belongs to another user: their socket would receive
 * our data. This also applies to root, who may use every folder and is trusted with the most.
 */
export function makePrivateFolder(folder: string, me: number | undefined = process.getuid?.()): void {
  makeFolder(folder, 0o700);
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw Object.assign(new Error(`${folder} is not a folder`), { code: 'ENOTDIR' });
  if (me !== undefined && found.uid !== me) {
    throw Object.assign(
      new Error(`${folder} belongs to the user with id ${found.uid}, but this process runs as ${me}: run it as that user`),
      { code: 'EACCES' },
    );
  }
  if ((found.mode & 0o077) !== 0 && process.platform !== 'win32') chmodSync(folder, 0o700);
}

/**
 * Returns whether only this user can have created what listens at `address`. An owner that died leaves its address behind, and
 * in the temporary folder another user may have taken its place.
 */
export function isOurAddress(address: string, me: number | undefined = process.getuid?.()): boolean {
  const folder = addressFolder(address);
  if (folder === undefined || me === undefined) return true;
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && found.uid === me && (found.mode & 0o077) === 0;
}

/** Removes the socket, and its folder if that was created for it. Call only while holding the owner lock. */
export function removeSocket(address: string, home: string): void {
  const folder = addressFolder(address);
  if (folder === undefined || !isOurAddress(address)) return;
  rmSync(address, { force: true });
  if (folder === home) return;
  try {
    rmdirSync(folder);
  } catch {
    // The folder holds something else or is gone: nothing of ours is left there.
  }
}

/** Returns the folder an address needs, or undefined for a named pipe. */
export function addressFolder(address: string): string | undefined {
  return address.startsWith('\\\\.\\pipe\\') ? undefined : dirname(address);
}

/**
 * Publishes to the other processes where the owner listens. They read it instead of computing it, because their TMPDIR may differ.
 * The file is renamed into place, so that nobody reads half an address.
 */
export function publishAddress(home: string, address: string): void {
  const draft = join(home, `address.${randomUUID()}`);
  writeFileSync(draft, address, { mode: 0o600 });
  renameSync(draft, join(home, 'address'));
}

/** Returns the last published address, whether or not anything still listens there. */
export function publishedAddress(home: string): string | undefined {
  try {
    return readFileSync(join(home, 'address'), 'utf8');
  } catch {
    return undefined;
  }
}
