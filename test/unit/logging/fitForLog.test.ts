import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isFitForLog } from '../../../src/logging/fitForLog.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-log-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('the log may be in a file, or in one that is still to be made, and not in a folder, a pipe or a device', () => {
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('file'), '');
  symlinkSync(at('file'), at('link'));
  symlinkSync(at('missing'), at('dangling'));
  execFileSync('mkfifo', [at('pipe')]);
  expect(['file', 'link', 'dangling', 'new', 'new/new'].map((name) => isFitForLog(at(name)))).toEqual([true, true, true, true, true]);
  expect([folder, at('pipe'), '/dev/null'].map(isFitForLog)).toEqual([false, false, false]);
});

it.each([
  ['stdout', 1],
  ['stderr', 2],
])('the log may not be where the process has %s, by whatever name', (_which, position) => {
  const path = join(folder, 'output');
  const link = join(folder, 'link');
  const result = join(folder, 'result');
  symlinkSync(`/proc/self/fd/${String(position)}`, link);
  const output = openSync(path, 'a');
  const program = `
    import { writeFileSync } from 'node:fs';
    import { isFitForLog } from './src/logging/fitForLog.ts';
    writeFileSync(${JSON.stringify(result)}, '');
    process.exit(${JSON.stringify([path, link])}.some(isFitForLog) || !isFitForLog(${JSON.stringify(result)}) ? 1 : 0);`;
  const stdio = [0, 1, 2].map((fd) => (fd === position ? output : 'ignore'));
  const { status } = spawnSync(process.execPath, ['--import', './tools/resolveSource.mjs', '--input-type=module', '-e', program], {
    stdio,
  });
  closeSync(output);
  expect(status).toBe(0);
});
