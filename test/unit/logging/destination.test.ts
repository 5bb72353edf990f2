import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

  it.each([
    ['process.exit', 'exit', 3],
    ['its natural end', 'end', 0],
    ['its end without a logger, whose library uses stderr as well', 'bare', 4],
  ])('wait only a bounded time for a reader that is stuck, at %s', async (_what, ending, status) => {
    const child = start(ending, LINES);
    // Never read: the pipe fills up, and the process must end all the same.
    child.stderr.pause();
    expect(await once(child, 'exit')).toEqual([status, null]);
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
    vi.restoreAllMocks();
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
    vi.spyOn(performance, 'now').mockImplementation(() => calls);
    const slow = (): number => {
      calls += 1;
      if (calls % 2 === 1) return 1;
      throw Object.assign(new Error('again'), { code: 'EAGAIN' });
    };
    const destination = new FileDestination({ fd: 99, slowReaderMs: 50, write: slow });
    destination.write(`${'x'.repeat(5000)}\n`);
    destination.finish();
    for (let line = 0; line < 100; line += 1) destination.write(`${'x'.repeat(5000)}\n`);
    // Each attempt takes a millisecond: fifty for all, and then two for each line, which find out that there is still no room.
    expect(calls).toBeLessThan(300);
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

it('does not gather more than so much of a turn before it writes', () => {
  let written = 0;
  const destination = new FileDestination({ fd: 99, write: (_fd, bytes) => ((written += bytes.length), bytes.length) });
  const line = `${'x'.repeat(32_767)}\n`;
  destination.write(line);
  expect(written).toBe(0);
  destination.write(line);
  expect(written).toBe(65_536);
});
