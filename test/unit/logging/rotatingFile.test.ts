import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LogFile } from '../../../src/logging/logFile.js';
import { openRotatingFile } from '../../../src/logging/rotatingFile.js';
import type { RotatingFile } from '../../../src/logging/rotatingFile.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-rotating-'));
  path = join(folder, 'logs', 'server.log');
  mkdirSync(dirname(path));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const openIt = (): RotatingFile => openRotatingFile({ path, maxBytes: 100, interval: 'none', keep: 2 });
const write = (file: RotatingFile, text: string): Promise<Error | undefined> => new Promise((resolve) => file.write(text, resolve));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('a file that was too large when it was opened has none of what is written then in the old one', async () => {
  writeFileSync(path, 'x'.repeat(200));
  const stages: string[] = [];
  const file = openIt();
  file.onRotation((stage) => stages.push(stage));
  expect(await write(file, 'first\n')).toBeUndefined();
  expect([stages, readFileSync(path, 'utf8')]).toEqual([['done'], 'first\n']);
  expect(await write(file, 'y'.repeat(200))).toBeUndefined();
  expect(stages).toEqual(['done', 'begun', 'done']);
});

it('a file that takes nothing counts as one on a full disk', async () => {
  const any = await open(path, 'a');
  await any.close();
  vi.spyOn(Object.getPrototypeOf(any) as FileHandle, 'write').mockResolvedValue({ bytesWritten: 0, buffer: '' });
  expect(await write(openIt(), 'lost\n')).toMatchObject({ code: 'ENOSPC' });
});

it.each([
  ['has no file of its name', () => undefined],
  ['is a file', (place: string) => writeFileSync(place, '')],
])('a file is not in its place any more when the folder %s', async (_what, put) => {
  const file = openIt();
  await write(file, 'line\n');
  expect(await file.isInPlace()).toBe(true);
  renameSync(dirname(path), join(folder, 'moved'));
  put(dirname(path));
  expect(await file.isInPlace()).toBe(false);
});

/** A log whose files do what a test says. */
function logTo(file: Partial<RotatingFile>): { readonly log: LogFile; readonly events: string[] } {
  const events: string[] = [];
  const whole: RotatingFile = {
    write: (text, done) => (events.push(`write ${text}`), done()),
    onRotation: () => undefined,
    progress: () => 'done',
    cancel: () => undefined,
    isInPlace: async () => true,
    close: (done) => (events.push('close'), done()),
    ...file,
  };
  const open = (): RotatingFile => (events.push('open'), whole);
  const log = new LogFile({ path: join(folder, 'none'), maxBytes: 100, interval: 'none', keep: 1, lookMs: 0, retryMs: 60_000, open });
  return { log, events };
}

it('a log closes a file that is no longer in its place before it opens another', async () => {
  const { log, events } = logTo({ isInPlace: async () => false });
  for (const line of ['one', 'two']) {
    log.write(line);
    await new Promise<void>((resolve) => log.flush(resolve));
  }
  expect(events).toEqual(['open', 'write one', 'close', 'open', 'write two']);
});

it.each([
  ['writing', '\nnext'],
  ['waiting', 'next'],
] as const)('a log begins a new line after a write that failed while it was %s, where the file cannot be read', async (progress, next) => {
  const { log } = logTo({ write: (_text, done) => done(new Error('broken')), progress: () => progress });
  log.write('first');
  await turn();
  log.write('next');
  log.flushSync();
  expect(readFileSync(join(folder, 'none'), 'utf8')).toBe(next);
});

it('a log that waits to try again does not keep the process alive', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const { log, events } = logTo({ write: (_text, done) => done(new Error('broken')) });
  await turn();
  const before = timers();
  log.write('lost');
  await turn();
  expect([events, log.droppedLines, timers()]).toEqual([['open'], 1, before]);
});
