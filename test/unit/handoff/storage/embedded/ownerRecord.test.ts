import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eraseOwner, recordOwner, recordedOwner } from '../../../../../src/handoff/storage/embedded/ownerRecord.js';

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'handoff-record-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const record = (): string[] => readFileSync(join(home, 'owner.pid'), 'utf8').split('\n');
const write = (...lines: string[]): void => {
  writeFileSync(join(home, 'owner.pid'), lines.join('\n'));
};

describe('the record of the owner', () => {
  it('names no process when there is none, when it is this one, and when it was erased', () => {
    expect(recordedOwner(home)).toBeUndefined();
    recordOwner(home);
    expect(record()[0]).toBe(String(process.pid));
    expect(recordedOwner(home)).toBeUndefined();
    eraseOwner(home);
    eraseOwner(home);
    expect(recordedOwner(home)).toBeUndefined();
  });

  it.each(['', 'x', '0', '-1', '1e9', '{"pid":1}'])('is nothing when the file holds %j', (text) => {
    write(text);
    expect(recordedOwner(home)).toBeUndefined();
  });

  it('tells one that is suspended from one that runs, and forgets one that has ended', async () => {
    const program = `require(${JSON.stringify('node:fs')}).writeFileSync(process.argv[1], ''); setInterval(() => {}, 1000)`;
    const started = join(home, 'started');
    const child = spawn(process.execPath, ['-e', program, started], { stdio: 'ignore' });
    try {
      recordOwner(home);
      const [, namespace = ''] = record();
      await vi.waitFor(() => readFileSync(started), { timeout: 20_000 });
      const startTicks =
        process.platform === 'linux' ? (readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '') : '';
      write(String(child.pid), namespace, startTicks, '');
      expect(recordedOwner(home)).toEqual({ pid: child.pid, state: 'silent' });
      child.kill('SIGSTOP');
      await vi.waitFor(() => expect(recordedOwner(home)).toEqual({ pid: child.pid, state: 'suspended' }), { timeout: 20_000 });
      write(String(child.pid), 'pid:[1]', startTicks, '');
      expect(recordedOwner(home)).toEqual({ pid: child.pid, state: 'elsewhere' });
      // The number was given to another process.
      write(String(child.pid), namespace, `${startTicks}1`, '');
      if (process.platform === 'linux') expect(recordedOwner(home)).toBeUndefined();
      write(String(child.pid), namespace, startTicks, '');
    } finally {
      child.kill('SIGKILL');
    }
    await once(child, 'exit');
    expect(recordedOwner(home)).toBeUndefined();
  });
});
