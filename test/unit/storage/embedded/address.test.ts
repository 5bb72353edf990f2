import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressFolder, makePrivateFolder, ownerAddress, publishAddress, publishedAddress } from '../../../../src/storage/embedded/address.js';

const linux = { platform: 'linux', temporaryFolder: '/tmp' } as const;
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
    expect(ownerAddress(`${deep}e`, linux)).not.toBe(address);
  });

  it('counts bytes, not letters', () => {
    expect(ownerAddress(`/home/${'ü'.repeat(60)}`, linux)).toMatch(/^\/tmp\//);
  });

  it('is a named pipe on Windows, which has no folder', () => {
    const address = ownerAddress('C:\\data', { platform: 'win32', temporaryFolder: 'C:\\tmp' });
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

describe('the published address', () => {
  it('is read back, replaced whole, and absent before the first owner', () => {
    expect(publishedAddress(folder)).toBeUndefined();
    publishAddress(folder, '/first');
    publishAddress(folder, '/second');
    expect(publishedAddress(folder)).toBe('/second');
    expect(readdirSync(folder).filter((name) => name.startsWith('address'))).toEqual(['address']);
  });
});
