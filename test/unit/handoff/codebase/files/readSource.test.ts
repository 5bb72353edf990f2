import { execFileSync } from 'node:child_process';
import { appendFileSync, linkSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { machineFiles } from '../../../../../src/handoff/codebase/files/fileSystem.js';
import type { FileSystem } from '../../../../../src/handoff/codebase/files/fileSystem.js';
import { readSource } from '../../../../../src/handoff/codebase/files/readSource.js';
import { folderWith } from '../folder.js';

/** What an attacker who can write under a root, or name any path, must not get (defect D16 of the earlier server). */

const LIMITS = { maxFileBytes: 1000, remainingBytes: 5000 };
const SECRET = 'the secret';

const read = (path: string, roots: readonly string[], files: FileSystem = machineFiles, limits = LIMITS): string =>
  readSource(path, roots, limits, files).bytes.toString();

function refusal(path: string, roots: readonly string[], files: FileSystem = machineFiles, limits = LIMITS): string {
  try {
    return `read: ${read(path, roots, files, limits)}`;
  } catch (error) {
    return (error as { reason: string }).reason;
  }
}

describe('what lies under a root', () => {
  it('is read by its absolute path, and by a path relative to any root', () => {
    const [one, two] = [folderWith({ 'src/a.ts': 'one' }), folderWith({ 'b.ts': 'two', '..c.ts': 'dots' })];
    expect(read(join(one, 'src/a.ts'), [one, two])).toBe('one');
    expect(read('src/a.ts', [two, one])).toBe('one');
    expect(read('./x/../b.ts', [one, two])).toBe('two');
    expect(read('..c.ts', [two])).toBe('dots');
  });

  it('is read where the root is a symbolic link, by either name', () => {
    const root = folderWith({ 'a.ts': 'text' });
    const link = join(folderWith(), 'link');
    symlinkSync(root, link);
    expect(read(join(link, 'a.ts'), [link])).toBe('text');
    expect(read(join(root, 'a.ts'), [link])).toBe('text');
    expect(read('a.ts', [link])).toBe('text');
  });

  it('is read through a symbolic link that stays under the root', () => {
    const root = folderWith({ 'real/a.ts': 'text' });
    symlinkSync(join(root, 'real'), join(root, 'alias'));
    expect(read('alias/a.ts', [root])).toBe('text');
  });

  it('is one file by whatever name', () => {
    const root = folderWith({ 'a.ts': 'text', 'b.ts': 'text' });
    symlinkSync('a.ts', join(root, 'link.ts'));
    linkSync(join(root, 'a.ts'), join(root, 'hard.ts'));
    const identity = (path: string): string => readSource(path, [root], LIMITS, machineFiles).identity;
    expect(new Set(['a.ts', './a.ts', 'link.ts', 'hard.ts'].map(identity)).size).toBe(1);
    expect(identity('b.ts')).not.toBe(identity('a.ts'));
  });
});

describe('what lies elsewhere', () => {
  it.each(['../secret', 'x/../../secret', '/etc/passwd', '/proc/self/environ', '/dev/zero', '..', '.', '/'])('%s is refused', (path) => {
    expect(refusal(path, [folderWith({ 'x/a.ts': '' })])).toBe('outside_roots');
  });

  it('is refused without telling whether it exists', () => {
    const root = folderWith();
    const asked: string[] = [];
    const files: FileSystem = {
      ...machineFiles,
      realpathSync: Object.assign((path: string) => (asked.push(path), path), { native: machineFiles.realpathSync.native }) as never,
    };
    expect(refusal('/etc/passwd', [root], files)).toBe('outside_roots');
    expect(asked).toEqual([root]);
  });

  it('is refused where a folder only begins with the name of the root', () => {
    const parent = folderWith({ 'root/a.ts': '', 'rootkit/b.ts': SECRET });
    expect(refusal(join(parent, 'rootkit/b.ts'), [join(parent, 'root')])).toBe('outside_roots');
  });

  it('is refused through symbolic links, of the file and of a folder on the way', () => {
    const [root, elsewhere] = [folderWith(), folderWith({ 'secret.ts': SECRET })];
    symlinkSync(join(elsewhere, 'secret.ts'), join(root, 'file.ts'));
    symlinkSync(elsewhere, join(root, 'folder'));
    expect(refusal('file.ts', [root])).toBe('outside_roots');
    expect(refusal('folder/secret.ts', [root])).toBe('outside_roots');
  });

  it('is refused through symbolic links without telling whether it exists', () => {
    const [root, elsewhere] = [folderWith({ 'a.ts': '' }), folderWith({ 'secret.ts': SECRET })];
    symlinkSync('/', join(root, 'machine'));
    symlinkSync('..', join(root, 'up'));
    symlinkSync(join(elsewhere, 'none.ts'), join(root, 'dangling.ts'));
    symlinkSync('machine', join(root, 'twice'));
    for (const name of ['secret.ts', 'none.ts', 'secret.ts/x', 'none/x']) {
      expect([name, refusal(`machine${elsewhere}/${name}`, [root])]).toEqual([name, 'outside_roots']);
      expect([name, refusal(`twice${elsewhere}/${name}`, [root])]).toEqual([name, 'outside_roots']);
      expect([name, refusal(`up/${basename(elsewhere)}/${name}`, [root])]).toEqual([name, 'outside_roots']);
    }
    expect(refusal('dangling.ts', [root])).toBe('outside_roots');
  });

  it('does not count as elsewhere where a link leads to nothing within the root', () => {
    const root = folderWith({ 'x/a.ts': '' });
    symlinkSync('x/none.ts', join(root, 'near.ts'));
    symlinkSync(join(root, 'x'), join(root, 'whole'));
    symlinkSync('../x', join(root, 'x', 'around'));
    for (const path of ['near.ts', 'whole/none.ts', 'x/around/none.ts', 'x/../none.ts']) expect(refusal(path, [root])).toBe('not_found');
  });

  it('is refused under /proc, /sys and /dev even where a root contains them', () => {
    expect(refusal('/proc/self/environ', ['/'])).toBe('outside_roots');
    expect(refusal('/dev/null', ['/'])).toBe('outside_roots');
    expect(refusal('/proc/self/cwd/package.json', ['/proc/self/cwd'])).not.toMatch(/^outside/u);
  });

  it('is refused where a link takes the place of the file, or of its folder, before it is opened', () => {
    for (const swapped of ['src', 'src/a.ts']) {
      const [root, elsewhere] = [folderWith({ 'src/a.ts': 'text' }), folderWith({ 'a.ts': SECRET })];
      const openSync: FileSystem['openSync'] = (path, flags) => {
        renameSync(join(root, swapped), join(root, 'gone'));
        symlinkSync(swapped === 'src' ? elsewhere : join(elsewhere, 'a.ts'), join(root, swapped));
        return machineFiles.openSync(path, flags);
      };
      expect(refusal('src/a.ts', [root], { ...machineFiles, openSync })).toMatch(/^(?:outside_roots|not_found)$/u);
    }
  });

  it('is refused then also where the system does not say where an open file lies', () => {
    const readlinkSync = (() => {
      throw Object.assign(new Error('no /proc'), { code: 'ENOENT' });
    }) as unknown as FileSystem['readlinkSync'];
    const [root, elsewhere] = [folderWith({ 'src/a.ts': 'text', 'b.ts': 'fine' }), folderWith({ 'a.ts': SECRET })];
    expect(read('b.ts', [root], { ...machineFiles, readlinkSync })).toBe('fine');
    const put = (): void => {
      renameSync(join(root, 'src'), join(root, 'gone'));
      symlinkSync(elsewhere, join(root, 'src'));
    };
    const openSync: FileSystem['openSync'] = (path, flags) => {
      put();
      return machineFiles.openSync(path, flags);
    };
    expect(refusal('src/a.ts', [root], { ...machineFiles, readlinkSync, openSync })).toBe('outside_roots');
    rmSync(join(root, 'src'));
    renameSync(join(root, 'gone'), join(root, 'src'));
    // And back again before the second look.
    const back = {
      ...machineFiles,
      readlinkSync,
      openSync: (path: string, flags: number) => {
        put();
        const handle = machineFiles.openSync(path, flags);
        rmSync(join(root, 'src'));
        renameSync(join(root, 'gone'), join(root, 'src'));
        return handle;
      },
    } as FileSystem;
    expect(refusal('src/a.ts', [root], back)).toBe('outside_roots');
  });
});

describe('what is no file to analyse', () => {
  it.each(['', 'a\0b', '/etc/passwd\0.ts', 'x'.repeat(4097)])('path %j is invalid', (path) => {
    expect(refusal(path, [folderWith()])).toBe('invalid_path');
  });

  it('a folder, a pipe and a socket are refused without waiting', () => {
    const root = folderWith();
    mkdirSync(join(root, 'folder'));
    execFileSync('mkfifo', [join(root, 'pipe')]);
    expect(refusal('folder', [root])).toBe('not_a_file');
    expect(refusal('pipe', [root])).toBe('not_a_file');
    expect(refusal(join(root, 'pipe', 'x'), [root])).toBe('not_found');
  });

  it('a pipe that takes the place of the file is refused without waiting', () => {
    const root = folderWith({ 'a.ts': 'text' });
    const openSync: FileSystem['openSync'] = (path, flags) => {
      rmSync(join(root, 'a.ts'));
      execFileSync('mkfifo', [join(root, 'a.ts')]);
      return machineFiles.openSync(path, flags);
    };
    expect(refusal('a.ts', [root], { ...machineFiles, openSync })).toBe('not_a_file');
  });

  it('a file that does not exist, or not any more', () => {
    const root = folderWith({ 'a.ts': 'text', 'b.ts': 'text' });
    symlinkSync('loop', join(root, 'loop'));
    expect(refusal('none.ts', [root])).toBe('not_found');
    expect(refusal('a.ts', [join(root, 'none')])).toBe('outside_roots');
    expect(refusal('loop', [root])).toBe('not_found');
    const fstatSync = ((handle: number, options: { bigint: true }) => {
      rmSync(join(root, 'b.ts'), { force: true });
      return machineFiles.fstatSync(handle, options);
    }) as FileSystem['fstatSync'];
    expect(refusal('b.ts', [root], { ...machineFiles, fstatSync })).toBe('not_found');
  });

  it('a file that may not be read', () => {
    const root = folderWith({ 'a.ts': 'text' });
    const openSync = (() => {
      throw Object.assign(new Error('EACCES: /home/somebody'), { code: 'EACCES' });
    }) as FileSystem['openSync'];
    expect(() => read('a.ts', [root], { ...machineFiles, openSync })).toThrow(/^The file cannot be read \(EACCES\)\.$/u);
  });
});

describe('sizes', () => {
  it('a file of ten gigabytes without content is refused by its size', () => {
    const root = folderWith({ 'a.ts': '' });
    truncateSync(join(root, 'a.ts'), 10 * 1024 ** 3);
    expect(refusal('a.ts', [root])).toBe('too_large');
  });

  it('a file at the limit is read, one byte more is refused', () => {
    const root = folderWith({ 'a.ts': 'x'.repeat(1000), 'b.ts': 'x'.repeat(1001) });
    expect(read('a.ts', [root])).toHaveLength(1000);
    expect(refusal('b.ts', [root])).toBe('too_large');
    expect(refusal('a.ts', [root], machineFiles, { maxFileBytes: 1000, remainingBytes: 999 })).toBe('total_too_large');
  });

  it('of a file that grows or shrinks while it is read, no more is read than it had', () => {
    const root = folderWith({ 'a.ts': 'before', 'b.ts': 'before' });
    const changing = (change: () => void): FileSystem => ({
      ...machineFiles,
      readlinkSync: ((path: string) => (change(), machineFiles.readlinkSync(path))) as FileSystem['readlinkSync'],
    });
    expect(
      read(
        'a.ts',
        [root],
        changing(() => appendFileSync(join(root, 'a.ts'), 'x'.repeat(10_000))),
      ),
    ).toBe('before');
    expect(
      read(
        'b.ts',
        [root],
        changing(() => writeFileSync(join(root, 'b.ts'), 'be')),
      ),
    ).toBe('be');
  });
});
