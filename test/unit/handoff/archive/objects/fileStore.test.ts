import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createFileStore } from '../../../../../src/handoff/archive/objects/fileStore.js';

const scratch = mkdtempSync(join(tmpdir(), 'handoff-files-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const root = join(scratch, 'not', 'yet', 'there');
const store = createFileStore(root);

describe('a file store', () => {
  it('keeps objects as they are, for their owner only, in folders that it makes', async () => {
    const body = Buffer.from([0, 1, 255, 10, 13]);
    await store.put('ab/cd/object.gz', body);
    expect(Buffer.from((await store.get('ab/cd/object.gz')) ?? '')).toEqual(body);
    expect(await store.head('ab/cd/object.gz')).toEqual({ bytes: 5 });
    expect(readFileSync(join(root, 'ab/cd/object.gz'))).toEqual(body);
    expect(statSync(join(root, 'ab/cd/object.gz')).mode & 0o777).toBe(0o600);
    for (const folder of ['', 'ab', 'ab/cd']) expect(statSync(join(root, folder)).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(root, 'ab/cd'))).toEqual(['object.gz']);
  });

  it('does without synchronised folders where the file system has none, but not where the disk fails', async () => {
    const probe = await open(scratch, 'r');
    const prototype = Object.getPrototypeOf(probe) as typeof probe;
    await probe.close();
    const sync = vi.spyOn(prototype, 'sync').mockImplementation(async function (this: typeof probe) {
      if ((await this.stat()).isDirectory()) throw Object.assign(new Error('fsync'), { code });
    });
    let code = 'EINVAL';
    try {
      await store.put('network/share', Buffer.from('x'));
      await store.delete('network/share');
      code = 'EIO';
      await expect(store.put('network/share', Buffer.from('x'))).rejects.toMatchObject({ code: 'EIO' });
    } finally {
      sync.mockRestore();
    }
  });

  it('has nothing of an object that does not exist, and deletes it all the same', async () => {
    expect(await store.get('none')).toBeUndefined();
    expect(await store.head('no/ne')).toBeUndefined();
    await store.delete('none');
    await store.put('some', Buffer.from('x'));
    await store.delete('some');
    expect(existsSync(join(root, 'some'))).toBe(false);
  });

  it('deletes with an object what a crash left of writing it', async () => {
    writeFileSync(join(root, 'crashed.partial'), 'half');
    expect(await store.get('crashed')).toBeUndefined();
    await store.delete('crashed');
    expect(existsSync(join(root, 'crashed.partial'))).toBe(false);
  });

  it('leaves nothing behind when the system stops taking bytes', () => {
    // A limit on the size of files ends a write in its middle, as a full disk does.
    const program = `
      import { createFileStore } from './src/handoff/archive/objects/fileStore.ts';
      process.on('SIGXFSZ', () => undefined);
      await createFileStore(process.argv[1]).put('large', Buffer.alloc(1_000_000)).catch(({ code }) => process.stdout.write(code));`;
    const limited = 'ulimit -f 100; exec "$0" --import ./tools/resolveSource.mjs --input-type=module -e "$1" "$2"';
    const said = execFileSync('sh', ['-c', limited, process.execPath, program, join(scratch, 'limited')], { encoding: 'utf8' });
    expect(said).toBe('EFBIG');
    expect(readdirSync(join(scratch, 'limited'))).toEqual([]);
  });

  it('says with the code of the system why it cannot make its folder', async () => {
    writeFileSync(join(scratch, 'file'), '');
    await expect(createFileStore(join(scratch, 'file')).put('a/b', Buffer.from('x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.each([
    '../escaped',
    '/etc/passwd',
    'a/../../b',
    'a//b',
    'a/./b',
    '.hidden',
    'a/.hidden',
    '',
    'a\\b',
    'a\0b',
    'a b',
    'ü',
    'a/',
    'x'.repeat(256),
    'a/b/c/d/e/f/g/h/i',
  ])('refuses the key %j for every operation', async (key) => {
    const works: readonly (() => Promise<unknown>)[] = [
      () => store.put(key, Buffer.from('x')),
      () => store.get(key),
      () => store.head(key),
      () => store.delete(key),
    ];
    for (const work of works) {
      await expect(Promise.resolve().then(work)).rejects.toThrow(RangeError);
    }
  });

  it('says with the code of the system why it cannot read', async () => {
    await store.put('folder/object', Buffer.from('x'));
    await expect(store.get('folder')).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
