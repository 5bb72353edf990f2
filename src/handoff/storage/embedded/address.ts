import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** pg composes the same name from a folder and the default port, so `psql -h <folder>` works as well. */
const socketName = '.s.PGSQL.5432';

/** Socket paths end at 103 bytes on macOS and 107 on Linux; a longer one is cut off or refused. */
const socketPathMaxBytes = 100;

/** What decides an address besides the folder. */
export interface AddressPlace {
  readonly platform: NodeJS.Platform;
  readonly temporaryFolder: string;
  /** 24 hexadecimal digits nobody can guess: whoever makes the folder first would be sent what its name was meant for. */
  readonly nonce: string;
}

/**
 * Where the owner of `home` listens: inside it, so that whoever may enter the folder may connect and nobody else can.
 * A path too long for a socket gives a private folder, each time another one, under the temporary folder, or under `/tmp`
 * where that one's path is too long as well; Windows gives a named pipe.
 */
export function ownerAddress(home: string, { platform, temporaryFolder, nonce }: AddressPlace): string {
  // A pipe, not a TCP port: any user of the machine could connect to a port. Never tried on a real Windows machine yet.
  if (platform === 'win32') return `\\\\.\\pipe\\handoff-otel-${createHash('sha256').update(home).digest('hex').slice(0, 24)}`;
  const folders = [home, join(temporaryFolder, `handoff-otel-${nonce}`), `/tmp/handoff-otel-${nonce}`];
  const addresses = folders.map((folder) => join(folder, socketName));
  return addresses.find((address) => Buffer.byteLength(address) <= socketPathMaxBytes) ?? `/tmp/handoff-otel-${nonce}/${socketName}`;
}

/**
 * Makes the folder private to this user. Throws when it exists and belongs to somebody else: their socket would get our
 * data. That is so for root as well, who may use every folder and is trusted with the most.
 */
export function makePrivateFolder(folder: string, me: number | undefined = process.getuid?.()): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw Object.assign(new Error(`${folder} is not a folder`), { code: 'ENOTDIR' });
  if (me !== undefined && found.uid !== me) {
    throw Object.assign(
      new Error(`${folder} belongs to the user with id ${found.uid}, and this process runs as ${me}: run it as that user`),
      { code: 'EACCES' },
    );
  }
  if ((found.mode & 0o077) !== 0 && process.platform !== 'win32') chmodSync(folder, 0o700);
}

/**
 * Whether nobody but this user can have made what listens at `address`. An owner that died leaves its address behind, and
 * in the temporary folder somebody else may have taken its place.
 */
export function isOurAddress(address: string, me: number | undefined = process.getuid?.()): boolean {
  const folder = addressFolder(address);
  if (folder === undefined || me === undefined) return true;
  const found = lstatSync(folder, { throwIfNoEntry: false });
  return found !== undefined && found.isDirectory() && found.uid === me && (found.mode & 0o077) === 0;
}

/** Removes the socket, and its folder when that was made for it. Call only while holding the owner lock. */
export function removeSocket(address: string, home: string): void {
  const folder = addressFolder(address);
  if (folder === undefined || !isOurAddress(address)) return;
  rmSync(address, { force: true });
  if (folder === home) return;
  try {
    rmdirSync(folder);
  } catch {
    // Somebody keeps something in it, or it is gone: nothing of ours is left there.
  }
}

/** The folder an address needs, or undefined for a named pipe. */
export function addressFolder(address: string): string | undefined {
  return address.startsWith('\\\\.\\pipe\\') ? undefined : dirname(address);
}

/**
 * Tells the other processes where the owner listens. They read it instead of computing it: their TMPDIR may differ.
 * Renamed into place, so that nobody reads half an address.
 */
export function publishAddress(home: string, address: string): void {
  const draft = join(home, `address.${randomUUID()}`);
  writeFileSync(draft, address, { mode: 0o600 });
  renameSync(draft, join(home, 'address'));
}

/** The address published last, whether or not anybody still listens there. */
export function publishedAddress(home: string): string | undefined {
  try {
    return readFileSync(join(home, 'address'), 'utf8');
  } catch {
    return undefined;
  }
}
