import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RECORD, writeFiles } from '../../../../../src/handoff/cli/dashboards/write.js';

const file = { path: 'boards/a.json', text: 'one\n' };
let folder: string;
const content = (path: string): string => readFileSync(join(folder, path), 'utf8');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-boards-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('writeFiles', () => {
  it('writes what is not there, and nothing the second time', () => {
    expect(writeFiles(folder, [file], false)).toEqual({ written: [file.path], unchanged: [], kept: [], obsolete: [] });
    expect(content(file.path)).toBe('one\n');
    expect(writeFiles(folder, [file], false)).toEqual({ written: [], unchanged: [file.path], kept: [], obsolete: [] });
  });

  it('replaces its own file by a newer one', () => {
    writeFiles(folder, [file], false);
    expect(writeFiles(folder, [{ ...file, text: 'two\n' }], false).written).toEqual([file.path]);
    expect(content(file.path)).toBe('two\n');
  });

  it('leaves alone what somebody changed, again and again, until it is told to replace it', () => {
    writeFiles(folder, [file], false);
    writeFileSync(join(folder, file.path), 'mine\n');
    for (const text of ['two\n', 'three\n']) expect(writeFiles(folder, [{ ...file, text }], false).kept).toEqual([file.path]);
    expect(content(file.path)).toBe('mine\n');
    expect(writeFiles(folder, [{ ...file, text: 'three\n' }], true).written).toEqual([file.path]);
    expect(content(file.path)).toBe('three\n');
  });

  it('takes every differing file for somebody else’s when its record is damaged', () => {
    writeFiles(folder, [file], false);
    writeFileSync(join(folder, RECORD), '{ damaged');
    expect(writeFiles(folder, [{ ...file, text: 'two\n' }], false).kept).toEqual([file.path]);
  });

  it('names what only an earlier version had until it is removed, and not what was left out this time', () => {
    const [old, other] = [
      { path: 'alerts/old.yaml', text: 'old\n' },
      { path: 'boards/b.json', text: 'b\n' },
    ];
    writeFiles(folder, [file, old, other], false);
    const again = () => writeFiles(folder, [file], false, [file, other]).obsolete;
    expect([again(), again()]).toEqual([[old.path], [old.path]]);
    rmSync(join(folder, old.path));
    expect(again()).toEqual([]);
    expect(JSON.parse(content(RECORD))).not.toHaveProperty([old.path]);
  });
});
