import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
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

  it('does not wait for pipes in place of objects, which would take the threads from all that uses files', () => {
    const pipes = ['1', '2', '3', '4'].map((name) => join(scratch, 'pipes', name));
    mkdirSync(join(scratch, 'pipes'));
    execFileSync('mkfifo', pipes);
    // In a process of its own: its threads would never come back.
    const program = `
      import { stat } from 'node:fs/promises';
      import { createFileStore } from './src/handoff/archive/objects/fileStore.ts';
      const store = createFileStore(process.argv[1]);
      const reads = ['1', '2', '3', '4'].map((key) => store.get(key).catch(({ code }) => code));
      await stat('.');
      process.stdout.write((await Promise.all(reads)).join());
      process.exit();`;
    const run = ['--import', './tools/resolveSource.mjs', '--input-type=module', '-e', program, join(scratch, 'pipes')];
    const said = execFileSync(process.execPath, run, { encoding: 'utf8', timeout: 20_000, killSignal: 'SIGKILL' });
    expect(said).toBe('EISDIR,EISDIR,EISDIR,EISDIR');
  }, 30_000);

  it('reads no devices, which may have no end', async () => {
    mkdirSync(root, { recursive: true });
    symlinkSync('/dev/null', join(root, 'device'));
    await expect(store.get('device')).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('reads little more of an object than it is asked for', async () => {
    await store.put('huge', Buffer.from('x'));
    truncateSync(join(root, 'huge'), 3_000_000_000);
    expect((await store.get('huge', 10))?.length).toBe(11);
    await store.put('exact', Buffer.from('0123456789'));
    expect((await store.get('exact', 10))?.length).toBe(10);
  });

  it('does not write through a link that lies where it writes', async () => {
    const victim = join(scratch, 'victim');
    writeFileSync(victim, 'theirs');
    mkdirSync(root, { recursive: true });
    symlinkSync(victim, join(root, 'linked.partial'));
    await store.put('linked', Buffer.from('ours'));
    expect(readFileSync(victim, 'utf8')).toBe('theirs');
    expect(Buffer.from((await store.get('linked')) ?? '').toString()).toBe('ours');
  });

  it('says with the code of the system why it cannot read', async () => {
    await store.put('folder/object', Buffer.from('x'));
    await expect(store.get('folder')).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
