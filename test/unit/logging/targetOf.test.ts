import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { targetOf } from '../../../src/logging/targetOf.js';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'handoff-links-')));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('what is no link is itself, whether it is there or not', () => {
  writeFileSync(join(folder, 'plain.log'), '');
  for (const name of ['plain.log', 'new.log', 'new/new.log']) expect(targetOf(join(folder, name))).toBe(join(folder, name));
});

it('several links in a row lead to a file, before it is made and after', () => {
  symlinkSync('second.log', join(folder, 'first.log'));
  symlinkSync('made.log', join(folder, 'second.log'));
  expect(targetOf(join(folder, 'first.log'))).toBe(join(folder, 'made.log'));
  writeFileSync(join(folder, 'made.log'), '');
  expect(targetOf(join(folder, 'first.log'))).toBe(join(folder, 'made.log'));
});

it('a link in a folder behind a link leads from where that folder is, before the file is made and after', () => {
  mkdirSync(join(folder, 'data/app'), { recursive: true });
  symlinkSync('data/app', join(folder, 'app'));
  symlinkSync('../made.log', join(folder, 'app/linked.log'));
  expect(targetOf(join(folder, 'app/linked.log'))).toBe(join(folder, 'data/made.log'));
  writeFileSync(join(folder, 'app/linked.log'), '');
  expect(targetOf(join(folder, 'app/linked.log'))).toBe(join(folder, 'data/made.log'));
});

it('links in a circle come to an end', () => {
  symlinkSync('b.log', join(folder, 'a.log'));
  symlinkSync('a.log', join(folder, 'b.log'));
  expect(targetOf(join(folder, 'a.log'))).toMatch(/[ab]\.log$/);
});
