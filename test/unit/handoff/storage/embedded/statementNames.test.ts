import { describe, expect, it } from 'vitest';
import { FrontendFrames } from '../../../../../src/handoff/storage/embedded/frontendFrames.js';
import { StatementNames } from '../../../../../src/handoff/storage/embedded/statementNames.js';

function message(type: string, body: string): { type: string; bytes: Buffer } {
  const bytes = Buffer.concat([Buffer.from(`${type}\0\0\0\0`), Buffer.from(body)]);
  bytes.writeInt32BE(bytes.length - 1, 1);
  return { type, bytes };
}

const text = (bytes: Buffer): string => bytes.toString('utf8', 5);

describe('StatementNames', () => {
  it('makes a name this client’s own in every message that has one', () => {
    const names = new StatementNames(7);
    expect(text(names.own(message('P', 'find\0SELECT 1\0')))).toBe('c7_find\0SELECT 1\0');
    expect(text(names.own(message('B', 'portal\0find\0rest')))).toBe('portal\0c7_find\0rest');
    expect(text(names.own(message('D', 'Sfind\0')))).toBe('Sc7_find\0');
    expect(text(names.own(message('C', 'Sfind\0')))).toBe('Sc7_find\0');
  });

  it('corrects the length, so that the stream can still be cut', () => {
    const frames = new FrontendFrames();
    frames.sessionStarted();
    const renamed = new StatementNames(7).own(message('P', 'find\0SELECT 1\0'));
    frames.push(renamed);
    expect(frames.next()?.bytes).toEqual(renamed);
    expect(frames.next()).toBeUndefined();
  });

  it('leaves unnamed statements, portals and other messages alone', () => {
    const names = new StatementNames(7);
    for (const frame of [
      message('P', '\0SELECT 1\0'),
      message('B', '\0\0rest'),
      message('D', 'Pportal\0'),
      message('Q', 'SELECT 1\0'),
      message('S', ''),
    ]) {
      expect(names.own(frame)).toEqual(frame.bytes);
    }
    expect(names.closeAll()).toEqual(Buffer.alloc(0));
  });

  it('keeps long names apart within PostgreSQL’s 63 bytes', () => {
    const names = new StatementNames(7);
    const [one, other] = ['a', 'b'].map((end) => text(names.own(message('P', `${'n'.repeat(62)}${end}\0\0`))).split('\0')[0] ?? '');
    expect(one).not.toBe(other);
    expect(Buffer.byteLength(one ?? '')).toBeLessThanOrEqual(63);
  });

  it('closes each statement it prepared once', () => {
    const names = new StatementNames(7);
    names.own(message('P', 'one\0SELECT 1\0'));
    names.own(message('P', 'two\0SELECT 2\0'));
    names.own(message('P', 'one\0SELECT 1\0'));
    expect(names.closeAll()).toEqual(Buffer.concat([message('C', 'Sc7_one\0').bytes, message('C', 'Sc7_two\0').bytes]));
  });
});
