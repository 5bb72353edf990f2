import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogFile } from '../../../src/logging/logFile.js';
import type { LogFileOptions } from '../../../src/logging/logFileOptions.js';
import { openRotatingFile } from '../../../src/logging/rotatingFile.js';

let folder: string;
let path: string;
const told: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-log-'));
  path = join(folder, 'server.log');
  told.length = 0;
  mkdirSync(inTheWay());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// Nobody can rename a file to a folder, root neither.
const inTheWay = (): string => `${path}.1`;
const unrotatable = (options: Partial<LogFileOptions>): LogFile =>
  new LogFile({ path, maxBytes: 100, interval: 'none', keep: 1, onUnrotated: (reason) => told.push(reason), ...options });
const numbered = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => `line ${from + index}`);
async function writeEach(log: LogFile, lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    log.write(`${line}\n`);
    await new Promise<void>((resolve) => log.flush(resolve));
  }
}
const linesOf = (name: string): string[] =>
  readFileSync(name, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

describe('a log file that cannot be rotated', () => {
  it.each([
    ['it has reached its size', ''],
    ['it is too large when it is opened', `${'x'.repeat(200)}\n`],
  ])('when %s is written on, which is told once, and no record is lost', async (_when, before) => {
    writeFileSync(path, before);
    const log = unrotatable({ rotationRetryMs: 1 });
    await writeEach(log, numbered(0, 50));
    expect(readFileSync(path, 'utf8')).toBe(`${before}${numbered(0, 50).join('\n')}\n`);
    expect(told).toHaveLength(1);
    expect(log.droppedLines).toBe(0);
  });

  it('is rotated later, when it can be, and what fails after that is told again', async () => {
    const log = unrotatable({ rotationRetryMs: 20, maxBytes: 400 });
    await writeEach(log, numbered(0, 100));
    expect(told).toHaveLength(1);
    rmSync(inTheWay(), { recursive: true });
    let next = 100;
    await expect
      .poll(async () => {
        await writeEach(log, numbered(next, (next += 1)));
        return existsSync(inTheWay());
      })
      .toBe(true);
    expect([...linesOf(inTheWay()), ...linesOf(path)]).toEqual(numbered(0, next));
    unlinkSync(inTheWay());
    mkdirSync(inTheWay());
    await writeEach(log, numbered(next, next + 100));
    expect(told).toHaveLength(2);
    expect(log.droppedLines).toBe(0);
  });

  it('is not tried again before its time', async () => {
    const opened: number[] = [];
    const open: LogFileOptions['open'] = (options) => {
      opened.push(options.maxBytes);
      return openRotatingFile(options);
    };
    const log = unrotatable({ rotationRetryMs: 60_000, open });
    await writeEach(log, numbered(0, 50));
    expect(opened).toEqual([100, Number.MAX_SAFE_INTEGER]);
  });

  it('by its interval is written on, too, and rotated later, not only at the next interval', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(2030, 0, 1, 10, 59, 59, 950) });
    try {
      const log = unrotatable({ maxBytes: 1_000_000, interval: 'hourly', rotationRetryMs: 20 });
      await writeEach(log, ['before']);
      vi.setSystemTime(new Date(2030, 0, 1, 11, 0, 0, 1));
      const lines: string[] = [];
      await expect
        .poll(async () => {
          lines.push(`line ${lines.length}`);
          await writeEach(log, lines.slice(-1));
          return told;
        })
        .toHaveLength(1);
      await writeEach(log, ['after']);
      expect(linesOf(path)).toEqual(['before', ...lines, 'after']);
      rmSync(inTheWay(), { recursive: true });
      await expect
        .poll(async () => {
          await writeEach(log, ['later']);
          return existsSync(inTheWay());
        })
        .toBe(true);
      await writeEach(log, ['last']);
      expect(linesOf(inTheWay()).slice(0, lines.length + 2)).toEqual(['before', ...lines, 'after']);
      expect(linesOf(path)).toEqual(['later', 'last']);
      expect(log.droppedLines).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});
