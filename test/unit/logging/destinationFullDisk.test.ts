import { afterEach, describe, expect, it, vi } from 'vitest';
import { FileDestination } from '../../../src/logging/destination.js';

afterEach(() => void vi.restoreAllMocks());

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

  it('waits again for a reader that is slow once there was space', () => {
    const answers = ['ENOSPC', '', '', 'EAGAIN'];
    let text = '';
    const destination = new FileDestination({
      fd: 99,
      retryMs: 60_000,
      write: (_fd, bytes) => {
        const code = answers.shift() ?? '';
        if (code !== '') throw Object.assign(new Error(code), { code });
        text += Buffer.from(bytes).toString();
        return bytes.length;
      },
    });
    for (const line of ['one\n', 'two\n', 'three\n']) {
      destination.write(line);
      destination.flushSync();
    }
    expect(text).toBe('one\ntwo\nthree\n');
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
    let nowMs = 0;
    let attempts = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const attempt = (): void => {
      attempts += 1;
      nowMs += 100;
    };
    const destination = (write: () => number): FileDestination => {
      attempts = 0;
      return new FileDestination({ fd: 99, stuckReaderMs: 1000, slowReaderMs: 60_000, write });
    };
    // Takes a byte every half second, and so more than three seconds in all.
    const slow = destination(() => {
      attempt();
      return attempts % 5 === 0 ? 1 : full();
    });
    slow.write('slowly\n');
    slow.flushSync();
    expect([slow.droppedLines, attempts]).toEqual([0, 35]);
    const stuck = destination(() => {
      attempt();
      return full();
    });
    stuck.write('lost\n');
    stuck.flushSync();
    expect([stuck.droppedLines, attempts]).toEqual([1, 11]);
  });

  it('does not write for ever to a file that takes nothing', () => {
    const destination = new FileDestination({ fd: 99, stuckReaderMs: 5, write: () => 0 });
    destination.write('lost\n');
    destination.flushSync();
    expect(destination.droppedLines).toBe(1);
  });
});
