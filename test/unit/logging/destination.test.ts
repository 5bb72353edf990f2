import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileDestination } from '../../../src/logging/destination.js';

const hooks = fileURLToPath(new URL('../../../tools/resolveSource.mjs', import.meta.url));
const program = fileURLToPath(new URL('./logProcess.ts', import.meta.url));
const LINES = 10_000;

function start(ending: string, lines: number): ChildProcessWithoutNullStreams {
  const stripTypes = process.features.typescript ? [] : ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];
  return spawn(process.execPath, [...stripTypes, '--import', hooks, program, ending, String(lines)]);
}

async function numberedLines(child: ChildProcessWithoutNullStreams): Promise<number[]> {
  let text = '';
  child.stderr.setEncoding('utf8');
  for await (const chunk of child.stderr) text += String(chunk);
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => (JSON.parse(line) as { line: number }).line);
}

const allLines = Array.from({ length: LINES }, (_, index) => index);

describe('lines to stderr', () => {
  it.each([
    ['natural end', 'end', 0],
    ['process.exit', 'exit', 3],
    ['an uncaught exception', 'throw', 1],
  ])('all come out, in order, at %s', async (_what, ending, status) => {
    const child = start(ending, LINES);
    const exit = once(child, 'exit');
    expect(await numberedLines(child)).toEqual(allLines);
    expect(await exit).toEqual([status, null]);
  });

  it('come out also when a listener for the exit writes them that was added last', async () => {
    expect(await numberedLines(start('late', 10))).toEqual(allLines.slice(0, 11));
  });

  it('of turns before a SIGTERM survive it, and the signal still kills', async () => {
    const child = start('wait', 100);
    const exit = once(child, 'exit');
    const lines = numberedLines(child);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await exit).toEqual([null, 'SIGTERM']);
    expect(await lines).toEqual(allLines.slice(0, 100));
  });

  it('do not take the process down when nobody reads them any more, nor keep it from ending', async () => {
    const child = start('tell', 10);
    child.stderr.destroy();
    const exit = once(child, 'exit');
    const [told] = (await once(child.stdout, 'data')) as [Buffer];
    expect(told.toString()).toBe('alive\n');
    expect(await exit).toEqual([0, null]);
  });

  it('wait only a bounded time for a reader that is stuck', async () => {
    const child = start('exit', LINES);
    // Never read: the pipe fills up, and the process must end all the same.
    child.stderr.pause();
    expect(await once(child, 'exit')).toEqual([3, null]);
  });
});

describe('a FileDestination', () => {
  let folder: string;
  let fd: number;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'destination-'));
    fd = openSync(join(folder, 'log'), 'w');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const written = (): string => readFileSync(join(folder, 'log'), 'utf8');

  it('gathers the lines of a turn and calls back when they are out', async () => {
    const destination = new FileDestination({ fd });
    destination.write('one\n');
    destination.write('zwei Ä\n');
    expect(written()).toBe('');
    await new Promise<void>((resolve) => {
      destination.flush(resolve);
    });
    expect(written()).toBe('one\nzwei Ä\n');
    closeSync(fd);
  });

  it('drops and counts lines beyond its bound', () => {
    const destination = new FileDestination({ fd, maxBufferedChars: 10 });
    destination.write('12345678\n');
    destination.write('2\n');
    destination.flushSync();
    expect(written()).toBe('12345678\n');
    expect(destination.droppedLines).toBe(1);
    closeSync(fd);
  });

  it('waits a bounded time for a reader that is slow, also for all that is written at the very end', () => {
    let calls = 0;
    const slow = (): number => {
      calls += 1;
      if (calls % 2 === 1) return 1;
      throw Object.assign(new Error('again'), { code: 'EAGAIN' });
    };
    const destination = new FileDestination({ fd: 99, slowReaderMs: 50, write: slow });
    const startMs = performance.now();
    destination.write(`${'x'.repeat(5000)}\n`);
    destination.finish();
    for (let line = 0; line < 100; line += 1) destination.write(`${'x'.repeat(5000)}\n`);
    expect(performance.now() - startMs).toBeLessThan(2000);
    expect(destination.droppedLines).toBe(101);
  });

  it('goes quiet for good when the file cannot be written', () => {
    closeSync(fd);
    const destination = new FileDestination({ fd });
    destination.write('lost\n');
    destination.flushSync();
    destination.write('lost too\n');
    expect(destination.droppedLines).toBeGreaterThan(0);
  });
});

/** A file system that has room for so many bytes. */
function smallDisk(room: number): { text: string; room: number; attempts: number; write: (fd: number, bytes: Uint8Array) => number } {
  const disk = {
    text: '',
    room,
    attempts: 0,
    write: (_fd: number, bytes: Uint8Array): number => {
      disk.attempts += 1;
      const some = Math.min(disk.room, bytes.length);
      if (some === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
      disk.room -= some;
      disk.text += Buffer.from(bytes.subarray(0, some)).toString();
      return some;
    },
  };
  return disk;
}

describe('a FileDestination on a full disk', () => {
  it('goes on when there is space: every line comes out whole, also the one that was cut', async () => {
    const disk = smallDisk(11);
    const destination = new FileDestination({ fd: 99, retryMs: 5, write: disk.write });
    destination.write('{"n":1}\n');
    destination.write('{"n":2}\n');
    await expect.poll(() => disk.attempts).toBeGreaterThan(2);
    destination.write('{"n":3}\n');
    expect(disk.text).toBe('{"n":1}\n{"n');
    disk.room = 1000;
    await expect.poll(() => disk.text).toBe('{"n":1}\n{"n\n{"n":2}\n{"n":3}\n');
    expect(destination.droppedLines).toBe(0);
    destination.write('{"n":4}\n');
    destination.flushSync();
    expect(disk.text.endsWith('}\n{"n":4}\n')).toBe(true);
  });

  it('writes no line twice of which only the newline is missing', async () => {
    const disk = smallDisk(7);
    const destination = new FileDestination({ fd: 99, retryMs: 5, write: disk.write });
    destination.write('{"n":1}\n');
    destination.flushSync();
    disk.room = 1000;
    destination.write('{"n":2}\n');
    await expect.poll(() => disk.text).toBe('{"n":1}\n{"n":2}\n');
  });

  it('keeps lines up to its bound, counts the rest with a reason, and holds up neither an end nor a flush', async () => {
    const disk = smallDisk(0);
    const dropped: unknown[] = [];
    const destination = new FileDestination({ fd: 99, maxBufferedChars: 20, retryMs: 60_000, write: disk.write });
    destination.onDropped = (lines, reason) => dropped.push([lines, reason]);
    destination.write('kept 1\n');
    await expect.poll(() => disk.attempts).toBe(1);
    destination.write('kept 2\n');
    destination.write('one too many\n');
    expect(dropped).toEqual([[1, 'buffer_full']]);
    const before = disk.attempts;
    destination.flushSync();
    expect(disk.attempts).toBe(before + 1);
    await new Promise<void>((resolve) => {
      destination.flush(resolve);
    });
    disk.room = 1000;
    destination.flushSync();
    expect(disk.text).toBe('kept 1\nkept 2\n');
  });

  it.each(['EPIPE', 'EBADF', 'ECONNRESET', 'EIO'])('tells %s from it, which ends the output for good', (code) => {
    const dropped: unknown[] = [];
    let attempts = 0;
    const gone = (): number => {
      attempts += 1;
      throw Object.assign(new Error('gone'), { code });
    };
    const destination = new FileDestination({ fd: 99, write: gone });
    destination.onDropped = (lines, reason) => dropped.push([lines, reason]);
    destination.write('lost\n');
    destination.flushSync();
    destination.write('lost too\n');
    destination.flushSync();
    expect(dropped).toEqual([
      [1, code],
      [1, code],
    ]);
    expect(attempts).toBe(1);
  });

  it('waits on for a reader that is slow, and not for one that is stuck', () => {
    const full = (): never => {
      throw Object.assign(new Error('no room'), { code: 'EAGAIN' });
    };
    let attempts = 0;
    const slow = new FileDestination({
      fd: 99,
      stuckReaderMs: 1000,
      slowReaderMs: 60_000,
      // Takes a byte about every fifth of a second.
      write: () => ((attempts += 1) % 100 === 0 ? 1 : full()),
    });
    slow.write('slowly\n');
    slow.flushSync();
    expect(slow.droppedLines).toBe(0);
    const stuck = new FileDestination({ fd: 99, stuckReaderMs: 20, slowReaderMs: 60_000, write: full });
    stuck.write('lost\n');
    const startMs = performance.now();
    stuck.flushSync();
    expect(stuck.droppedLines).toBe(1);
    expect(performance.now() - startMs).toBeLessThan(30_000);
  });

  it('does not write for ever to a file that takes nothing', () => {
    const destination = new FileDestination({ fd: 99, stuckReaderMs: 5, write: () => 0 });
    destination.write('lost\n');
    destination.flushSync();
    expect(destination.droppedLines).toBe(1);
  });
});
