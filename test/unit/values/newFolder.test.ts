import { existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../../../src/values/newFolder.js';
import type { FolderMaker } from '../../../src/values/newFolder.js';

const refusal = (code: string): Error => Object.assign(new Error(code), { code });

/** A file system of which only `/data` is there, which answers `code` when a folder is made in it, and Node's answer for more than one. */
function fileSystem(code: string | undefined, tried: string[] = []): FolderMaker {
  return {
    existsSync: (path) => path === '/' || path === '/data',
    mkdirSync: (path, options) => {
      if (options?.recursive === true) throw refusal('ENOENT');
      tried.push(path);
      if (code !== undefined) throw refusal(code);
    },
    rmdirSync: (path) => void tried.push(`not ${path}`),
  };
}

it('says what the system said of the first folder that is missing', () => {
  const tried: string[] = [];
  expect(() => makeFolder('/data/handoff/embedded', 0o700, fileSystem('EROFS', tried))).toThrow('EROFS');
  expect(tried).toEqual(['/data/handoff']);
});

it('leaves nothing behind where that one could be made after all', () => {
  const tried: string[] = [];
  expect(() => makeFolder('/data/handoff', 0o700, fileSystem(undefined, tried))).toThrow('ENOENT');
  expect(tried).toEqual(['/data/handoff', 'not /data/handoff']);
});

it('makes a folder with those above it, and passes on any other refusal', () => {
  const root = mkdtempSync(join(tmpdir(), 'handoff-folder-'));
  try {
    makeFolder(join(root, 'a', 'b'));
    expect(existsSync(join(root, 'a', 'b'))).toBe(true);
    expect(() => makeFolder(join(root, 'x'.repeat(300)))).toThrow('ENAMETOOLONG');
  } finally {
    rmSync(root, { recursive: true });
  }
});

it('says that a folder is missing, and not that it exists, where a link leads to none', () => {
  const root = mkdtempSync(join(tmpdir(), 'handoff-folder-'));
  try {
    symlinkSync(join(root, 'unmounted', 'data'), join(root, 'link'));
    expect(() => makeFolder(join(root, 'link'))).toThrow('ENOENT');
    expect(() => makeFolder(join(root, 'link', 'embedded'))).toThrow('ENOENT');
  } finally {
    rmSync(root, { recursive: true });
  }
});
