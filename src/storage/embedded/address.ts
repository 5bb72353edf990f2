import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** pg composes the same name from a folder and the default port, so `psql -h <folder>` works as well. */
const socketName = '.s.PGSQL.5432';

/** Socket paths end at 103 bytes on macOS and 107 on Linux; a longer one is cut off or refused. */
const socketPathMaxBytes = 100;

/** What decides an address besides the folder. */
export interface AddressPlace {
  readonly platform: NodeJS.Platform;
  readonly temporaryFolder: string;
}

/**
 * Where the owner of `home` listens: inside it, so that whoever may enter the folder may connect and nobody else can.
 * A path too long for a socket gives a private folder under the temporary one; Windows gives a named pipe.
 */
export function ownerAddress(home: string, place: AddressPlace): string {
  const digest = createHash('sha256').update(home).digest('hex').slice(0, 24);
  // A pipe, not a TCP port: any user of the machine could connect to a port. Never tried on a real Windows machine yet.
  if (place.platform === 'win32') return `\\\\.\\pipe\\handoff-otel-${digest}`;
  const inside = join(home, socketName);
  return Buffer.byteLength(inside) <= socketPathMaxBytes ? inside : join(place.temporaryFolder, `handoff-otel-${digest}`, socketName);
}

/** Makes the folder private to this user. Throws when it exists and belongs to somebody else: their socket would get our data. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory()) throw Object.assign(new Error(`${folder} is not a folder`), { code: 'ENOTDIR' });
  const me = process.getuid?.();
  if (me !== undefined && found.uid !== me && me !== 0) throw Object.assign(new Error(`${folder} belongs to another user`), { code: 'EACCES' });
  if ((found.mode & 0o077) !== 0 && process.platform !== 'win32') chmodSync(folder, 0o700);
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
