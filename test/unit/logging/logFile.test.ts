import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFile } from '../../../src/logging/logFile.js';
import type { LogFileOptions } from '../../../src/logging/logFileOptions.js';
import { openRotatingFile } from '../../../src/logging/rotatingFile.js';

const nearlyFullDisk = fileURLToPath(new URL('./nearlyFullDisk.ts', import.meta.url));
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-log-'));
  path = join(folder, 'server.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (options: Partial<LogFileOptions> = {}): LogFile =>
  new LogFile({ path, maxBytes: 1_000_000, interval: 'none', keep: 3, retryMs: 5, ...options });
const flushed = (log: LogFile): Promise<void> => new Promise((resolve) => log.flush(resolve));
const linesOf = (name: string): string[] =>
  readFileSync(name, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

describe('a log file', () => {
  it('gets every line once, in order, and only its owner may read it', async () => {
    const log = file();
    const lines = Array.from({ length: 500 }, (_, index) => `{"n":${index}}`);
    for (const [index, line] of lines.entries()) {
      log.write(`${line}\n`);
      if (index % 100 === 0) await flushed(log);
    }
    await flushed(log);
    expect(linesOf(path)).toEqual(lines);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(log.droppedLines).toBe(0);
  });

  it('is rotated by its size, and as many old ones are kept as are to be', async () => {
    const log = file({ maxBytes: 4096, keep: 2 });
    const line = `${'x'.repeat(1000)}\n`;
    for (let index = 0; index < 30; index += 1) {
      log.write(line);
      await flushed(log);
    }
    expect(readdirSync(folder).toSorted()).toEqual(['server.log', 'server.log.1', 'server.log.2']);
    expect(statSync(`${path}.1`).size).toBeGreaterThanOrEqual(4096);
    expect(log.droppedLines).toBe(0);
  });

  it('goes on where another program truncates it, as logrotate does with copytruncate', async () => {
    const log = file();
    log.write('one\n');
    await flushed(log);
    truncateSync(path);
    log.write('two\n');
    await flushed(log);
    expect(readFileSync(path, 'utf8')).toBe('two\n');
  });

  it('that cannot be opened is tried until it can, and what is lost is counted', async () => {
    const inTheWay = join(folder, 'logs');
    writeFileSync(inTheWay, '');
    const told: unknown[] = [];
    const log = file({
      path: join(inTheWay, 'server.log'),
      onTrouble: (reason) => told.push(['trouble', reason]),
      onDropped: (records, reason) => told.push(['dropped', records, reason]),
      onRecovered: (records) => told.push(['recovered', records]),
    });
    log.write('lost\n');
    await expect
      .poll(() => told)
      .toEqual([
        ['trouble', 'ENOTDIR'],
        ['dropped', 1, 'ENOTDIR'],
      ]);
    unlinkSync(inTheWay);
    await expect
      .poll(() => {
        log.write('kept\n');
        return existsSync(join(inTheWay, 'server.log'));
      })
      .toBe(true);
    await expect.poll(() => told.at(-1)).toEqual(['recovered', log.droppedLines]);
    expect(new Set(linesOf(join(inTheWay, 'server.log')))).toEqual(new Set(['kept']));
  });

  it('on a full disk costs records and nothing else, and is written again when there is space', async () => {
    let isFull = false;
    const reasons: string[] = [];
    const recovered: number[] = [];
    const log = file({
      onDropped: (_records, reason) => reasons.push(reason),
      onRecovered: (records) => recovered.push(records),
      open: (options) => {
        const real = openRotatingFile(options);
        const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
        // A full disk takes a part of what it is given.
        return { ...real, write: (text, done) => (isFull ? real.write(text.slice(0, 3), () => done(full)) : real.write(text, done)) };
      },
    });
    log.write('before\n');
    await flushed(log);
    isFull = true;
    log.write('during\n');
    await expect.poll(() => reasons).toEqual(['ENOSPC']);
    isFull = false;
    log.write('after\n');
    await expect.poll(() => recovered).toEqual([1]);
    log.write('later\n');
    await flushed(log);
    expect(linesOf(path)).toEqual(['before', 'dur', 'after', 'later']);
    expect(recovered).toEqual([1]);
  });

  it.each([
    ['later', 'on', [['recovered', 20]]],
    ['at the end of the process', 'exit', []],
  ])('of which a write takes only a part has lost what it counts, and the next record is whole: %s', (_when, ending, andThen) => {
    const program = ['--import', './tools/resolveSource.mjs', nearlyFullDisk, path, ending];
    // In blocks of 512 or of 1024 bytes, depending on the shell: either has room for some of the 20 records.
    const { status, stdout, stderr } = spawnSync('sh', ['-c', 'ulimit -S -f 2 && exec "$0" "$@"', process.execPath, ...program], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual([['dropped', 20, 'EFBIG'], ...andThen]);
    const [first, torn, next, ...more] = linesOf(path);
    expect([first, next].map((line) => (JSON.parse(line ?? '') as { n: number }).n)).toEqual([0, 21]);
    expect([torn, more]).toEqual(['{"n', []]);
  });

  it('holds no more than its buffer while it cannot be written', () => {
    const stuck = {
      write: () => undefined,
      onRotation: () => undefined,
      progress: () => 'writing' as const,
      cancel: () => undefined,
      isInPlace: () => Promise.resolve(true),
      close: () => undefined,
    };
    const log = file({ maxBufferedChars: 100, open: () => stuck });
    for (let index = 0; index < 50; index += 1) log.write('0123456789\n');
    expect(log.droppedLines).toBe(41);
    log.flushSync();
  });

  it('has everything when the process ends by itself or by process.exit', () => {
    const program = `
      import { LogFile } from './src/logging/logFile.ts';
      const log = new LogFile({ path: ${JSON.stringify(path)}, maxBytes: 1e6, interval: 'daily', keep: 2 });
      log.write('first\\n');
      setTimeout(() => {
        for (let n = 0; n < 1000; n += 1) log.write('n' + n + '\\n');
        setImmediate(() => { log.write('last\\n'); process.exit(0); });
      }, 100);`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', './tools/resolveSource.mjs', '--input-type=module', '-e', program],
      {
        encoding: 'utf8',
      },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(linesOf(path)).toEqual(['first', ...Array.from({ length: 1000 }, (_, n) => `n${n}`), 'last']);
  });
});
