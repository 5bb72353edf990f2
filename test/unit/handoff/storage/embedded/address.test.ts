import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addressFolder,
  isOurAddress,
  makePrivateFolder,
  ownerAddress,
  publishAddress,
  publishedAddress,
  removeSocket,
} from '../../../../../src/handoff/storage/embedded/address.js';

const nonce = '0123456789abcdef01234567';
const linux = { platform: 'linux', temporaryFolder: '/tmp', nonce } as const;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-address-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('ownerAddress', () => {
  it('is in the folder itself, under the name pg and psql look for', () => {
    expect(ownerAddress('/home/ann/data', linux)).toBe('/home/ann/data/.s.PGSQL.5432');
  });

  it('is a short one of its own for a folder too deep for a socket', () => {
    const deep = `/home/${'d'.repeat(120)}`;
    const address = ownerAddress(deep, linux);
    expect(address).toMatch(/^\/tmp\/handoff-otel-[0-9a-f]{24}\/\.s\.PGSQL\.5432$/);
    expect(Buffer.byteLength(address)).toBeLessThanOrEqual(100);
    expect(ownerAddress(deep, { ...linux, nonce: nonce.replace('0', 'f') })).not.toBe(address);
  });

  it('is short also where the temporary folder is deep', () => {
    const deep = `/home/${'d'.repeat(120)}`;
    expect(ownerAddress(deep, { ...linux, temporaryFolder: `/var/${'t'.repeat(80)}` })).toBe(`/tmp/handoff-otel-${nonce}/.s.PGSQL.5432`);
  });

  it('counts bytes, not letters', () => {
    expect(ownerAddress(`/home/${'ü'.repeat(60)}`, linux)).toMatch(/^\/tmp\//);
  });

  it('is a named pipe on Windows, which has no folder', () => {
    const address = ownerAddress('C:\\data', { platform: 'win32', temporaryFolder: 'C:\\tmp', nonce });
    expect(address).toMatch(/^\\\\\.\\pipe\\handoff-otel-[0-9a-f]{24}$/);
    expect(addressFolder(address)).toBeUndefined();
  });
});

describe('makePrivateFolder', () => {
  it('makes a folder, or makes an existing one private', () => {
    const made = join(folder, 'a', 'b');
    makePrivateFolder(made);
    expect(statSync(made).mode & 0o777).toBe(0o700);
    chmodSync(made, 0o755);
    makePrivateFolder(made);
    expect(statSync(made).mode & 0o777).toBe(0o700);
  });

  it('refuses a link, which somebody else may have put there', () => {
    const link = join(folder, 'link');
    symlinkSync(join(folder, 'a'), link);
    expect(() => {
      makePrivateFolder(link);
    }).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
  });
});

describe('a folder that somebody else made', () => {
  /** Belongs to another user than the one named `me` below: only root can give folders away. */
  const foreign = (name: string): string => {
    const made = join(folder, name);
    mkdirSync(made, { mode: 0o700 });
    if (process.getuid?.() === 0) chownSync(made, 54_321, 54_321);
    return made;
  };

  it('is refused, by root as by anybody else', () => {
    const made = foreign('theirs');
    for (const me of [0, 12_345]) {
      expect(() => {
        makePrivateFolder(made, me);
      }).toThrow(expect.objectContaining({ code: 'EACCES', message: expect.stringContaining('belongs to the user with id') as string }));
      expect(isOurAddress(join(made, 'socket'), me)).toBe(false);
    }
  });

  it('is refused as an address also when it is ours and open to others, a link, or gone', () => {
    const made = join(folder, 'open');
    mkdirSync(made, { mode: 0o700 });
    expect(isOurAddress(join(made, 'socket'))).toBe(true);
    symlinkSync(made, join(folder, 'way'));
    chmodSync(made, 0o770);
    expect(['open', 'way', 'nowhere'].filter((name) => isOurAddress(join(folder, name, 'socket')))).toEqual([]);
  });
});

describe('removeSocket', () => {
  it('takes the folder away that was made for the socket, and nothing else', () => {
    const [home, made, used] = ['home', 'made', 'used'].map((name) => join(folder, name));
    if (home === undefined || made === undefined || used === undefined) throw new Error('no folders');
    for (const each of [home, made, used]) mkdirSync(each, { mode: 0o700 });
    for (const each of [home, made, used]) writeFileSync(join(each, 'socket'), '');
    writeFileSync(join(used, 'kept'), '');
    for (const each of [home, made, used]) removeSocket(join(each, 'socket'), home);
    expect([existsSync(made), readdirSync(home), readdirSync(used)]).toEqual([false, [], ['kept']]);
  });
});

describe('the published address', () => {
  it('is read back, replaced whole, and absent before the first owner', () => {
    expect(publishedAddress(folder)).toBeUndefined();
    publishAddress(folder, '/first');
    publishAddress(folder, '/second');
    expect(publishedAddress(folder)).toBe('/second');
    expect(readdirSync(folder).filter((name) => name.startsWith('address'))).toEqual(['address']);
  });
});
