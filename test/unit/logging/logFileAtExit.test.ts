import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogFile } from '../../../src/logging/logFile.js';
import type { RotatingFile } from '../../../src/logging/rotatingFile.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-log-'));
  path = join(folder, 'logs', 'server.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program that writes to `log` and ends. Returns what it said on stdout. */
function run(program: string): string {
  const options = `{ path: ${JSON.stringify(path)}, maxBytes: 1e6, interval: 'none', keep: 2, onDropped: (...what) => console.log(...what) }`;
  const all = `
    import { execFileSync } from 'node:child_process';
    import { mkdirSync, truncateSync } from 'node:fs';
    import { LogFile } from './src/logging/logFile.ts';
    const path = ${JSON.stringify(path)};
    const log = new LogFile(${options});
    const flushed = () => new Promise((resolve) => log.flush(resolve));
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    ${program}`;
  const args = ['--import', './tools/resolveSource.mjs', '--input-type=module', '-e', all];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

describe('at the end of a process, a log file', () => {
  it('has each record once, in order, where the process lives on, as the first one of a container does after a signal', async () => {
    const log = new LogFile({ path, maxBytes: 1e6, interval: 'none', keep: 1, lookMs: 0 });
    let next = 0;
    for (let turn = 0; turn < 90; turn += 1) {
      for (let record = 0; record < 10; record += 1) log.write(`${(next += 1)}\n`);
      await new Promise((resolve) => (turn % 2 === 0 ? setImmediate(resolve) : setTimeout(resolve, 1)));
      if (turn % 3 === 0) log.flushSync();
    }
    await new Promise<void>((resolve) => log.flush(resolve));
    expect(readFileSync(path, 'utf8')).toBe(Array.from({ length: next }, (_, index) => `${index + 1}\n`).join(''));
  });

  it('that is still to be opened is made, with its folder', () => {
    expect(run(`log.write('why it failed\\n'); process.exit(0);`)).toBe('');
    expect(readFileSync(path, 'utf8')).toBe('why it failed\n');
  });

  it.each([
    ['later', `await turn(); await flushed();`],
    ['at once', `process.exit(0);`],
  ])('that a process before has left with a part of a line has the next record in a line of its own: %s', (_when, ending) => {
    mkdirSync(dirname(path));
    writeFileSync(path, '{"n":1}\n{"n');
    run(`log.write('{"n":2}\\n'); ${ending}`);
    expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n\n{"n":2}\n');
    run(`log.write('{"n":3}\\n'); ${ending}`);
    expect(readFileSync(path, 'utf8')).toBe('{"n":1}\n{"n\n{"n":2}\n{"n":3}\n');
  });

  it('gets what listeners for the exit write that were added last', () => {
    run(`log.write('one\\n'); await flushed(); log.write('two\\n'); process.on('exit', () => log.write('three\\n'));`);
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\nthree\n');
  });

  it('that others have truncated gets everything, too, and holds up nothing', () => {
    const told = run(`
      log.write('x'.repeat(5000) + '\\n');
      await flushed();
      truncateSync(path);
      log.write('one\\n');
      await turn();
      await turn();
      log.write('two\\n');
      process.exit(0);`);
    expect(told).toBe('');
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  });

  it('in whose place there is a pipe that nobody reads holds up nothing', () => {
    const told = run(`
      mkdirSync(path.replace('server.log', ''));
      execFileSync('mkfifo', [path]);
      log.write('lost\\n');
      process.exit(0);`);
    expect(told).toBe('1 ENXIO\n');
  });

  it('whose disk hangs is given up on after a while, and everything that is not known to be in it counts as lost', async () => {
    const stuck = {
      write: vi.fn<RotatingFile['write']>(),
      onRotation: () => undefined,
      progress: () => 'writing' as const,
      cancel: () => undefined,
      isInPlace: () => Promise.resolve(true),
      close: () => undefined,
    };
    const dropped: unknown[] = [];
    const onDropped = (records: number, reason: string): number => dropped.push([records, reason]);
    const log = new LogFile({ path, maxBytes: 100, interval: 'none', keep: 1, open: () => stuck, onDropped });
    log.write('under way\n');
    await new Promise((resolve) => setImmediate(resolve));
    log.write('behind it\n');
    const flushed = vi.fn();
    log.flush(flushed);
    log.flushSync();
    expect(dropped).toEqual([[2, 'timeout']]);
    expect(flushed).toHaveBeenCalledTimes(1);
    // Should the process live on, it goes on writing, and what becomes of the batch is counted no second time.
    log.write('next\n');
    await new Promise((resolve) => setImmediate(resolve));
    expect(stuck.write.mock.calls.map(([text]) => text)).toEqual(['under way\n', 'next\n']);
    stuck.write.mock.calls[0]?.[1](new Error('late'));
    expect(dropped).toHaveLength(1);
  });
});
