import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appendAtOnce } from '../../../src/logging/appendAtOnce.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'append-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

it('makes a file, with its folders, that nobody else may read', () => {
  const path = join(folder, 'a', 'b', 'log');
  appendAtOnce(path, 'one\n');
  appendAtOnce(path, 'two\n');
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

/** The system gives out the lowest number that is free. */
function nextDescriptor(): number {
  const file = openSync(folder, 'r');
  closeSync(file);
  return file;
}

it('leaves no file open, however much is written at the end of a process', () => {
  const before = nextDescriptor();
  for (let line = 0; line < 100; line += 1) appendAtOnce(join(folder, 'log'), 'line\n');
  expect(nextDescriptor()).toBeLessThan(before + 50);
});
