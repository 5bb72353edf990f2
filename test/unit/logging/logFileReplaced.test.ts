import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFile } from '../../../src/logging/logFile.js';
import type { LogFileOptions } from '../../../src/logging/logFileOptions.js';
import { openRotatingFile } from '../../../src/logging/rotatingFile.js';

const noMoreFiles = fileURLToPath(new URL('./noMoreFiles.ts', import.meta.url));
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-log-'));
  path = join(folder, 'logs', 'server.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (options: Partial<LogFileOptions> = {}): LogFile =>
  new LogFile({ path, maxBytes: 1_000_000, interval: 'none', keep: 3, retryMs: 5, lookMs: 0, ...options });
const writeOne = (log: LogFile, line: string): Promise<void> => {
  log.write(`${line}\n`);
  return new Promise((resolve) => log.flush(resolve));
};

describe('a log file', () => {
  it.each([
    ['with its folder', 'logs'],
    ['by itself', 'logs/server.log'],
  ])('that others have removed %s is made anew', async (_how, what) => {
    const log = file();
    await writeOne(log, 'before');
    rmSync(join(folder, what), { recursive: true });
    await writeOne(log, 'after');
    expect(readFileSync(path, 'utf8')).toBe('after\n');
    expect(log.droppedLines).toBe(0);
  });

  it('that others have renamed, as logrotate does, is left to them', async () => {
    const log = file();
    await writeOne(log, 'before');
    renameSync(path, `${path}.old`);
    await writeOne(log, 'after');
    expect([readFileSync(`${path}.old`, 'utf8'), readFileSync(path, 'utf8')]).toEqual(['before\n', 'after\n']);
    expect(log.droppedLines).toBe(0);
  });

  it('is looked for once before each batch, however long that takes, and is not written meanwhile', async () => {
    const events: string[] = [];
    const log = file({
      open: (options) => {
        const real = openRotatingFile(options);
        const isInPlace = async (): Promise<boolean> => {
          events.push('look');
          await new Promise((resolve) => setTimeout(resolve, 5));
          return real.isInPlace();
        };
        return { ...real, isInPlace, write: (text, done) => (events.push('write'), real.write(text, done)) };
      },
    });
    await writeOne(log, '0');
    let lines = 1;
    for (; events.length < 40; lines += 1) {
      log.write(`${lines}\n`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writeOne(log, String(lines));
    expect(readFileSync(path, 'utf8')).toBe(Array.from({ length: lines + 1 }, (_, line) => `${line}\n`).join(''));
    expect(events).toEqual(['write', ...Array.from({ length: events.length - 1 }, (_, index) => (index % 2 === 0 ? 'look' : 'write'))]);
  });

  it('is looked for once a second, and not for each batch', async () => {
    const log = file({ lookMs: 60_000 });
    await writeOne(log, 'before');
    await writeOne(log, 'looked for');
    rmSync(path);
    await writeOne(log, 'lost');
    expect(existsSync(path)).toBe(false);
  });

  it.each([
    ['that is there', true],
    ['that is still to be made', false],
  ])(
    'behind a link is rotated where the link leads, to a file %s, and follows the link when it leads elsewhere',
    async (_which, isThere) => {
      const [disk, other] = [join(folder, 'disk.log'), join(folder, 'other.log')];
      if (isThere) writeFileSync(disk, '');
      mkdirSync(dirname(path));
      symlinkSync('../disk.log', path);
      const log = file({ maxBytes: 100 });
      for (const letter of ['a', 'b', 'c']) await writeOne(log, letter.repeat(60));
      expect([readFileSync(`${disk}.1`, 'utf8').length, readFileSync(disk, 'utf8').length]).toEqual([122, 61]);
      unlinkSync(path);
      symlinkSync(other, path);
      await writeOne(log, 'd');
      expect(readFileSync(other, 'utf8')).toBe('d\n');
      expect(readdirSync(dirname(path))).toEqual(['server.log']);
    },
  );

  it('that was rotated and cannot be opened anew has lost nothing of what it had', () => {
    const args = ['-c', 'ulimit -n 64 && exec "$0" "$@"', process.execPath, '--import', './tools/resolveSource.mjs', noMoreFiles, path];
    const { status, stdout, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual([
      ['trouble', 'EMFILE'],
      ['dropped', 1, 'EMFILE'],
      ['recovered', 1],
    ]);
    expect([readFileSync(`${path}.1`, 'utf8').length, readFileSync(path, 'utf8')]).toEqual([201, 'kept\n']);
  });
});
