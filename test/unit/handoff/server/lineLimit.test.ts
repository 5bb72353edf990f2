import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { onLongLine } from '../../../../src/handoff/server/lineLimit.js';

/** The sizes told of when `chunks` arrive one after the other under a limit of 10 bytes. */
async function toldOf(chunks: readonly string[]): Promise<{ readonly told: number[]; readonly isPaused: boolean }> {
  const input = new PassThrough();
  const told: number[] = [];
  onLongLine(input, 10, (bytes) => told.push(bytes));
  for (const chunk of chunks) {
    input.write(chunk);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { told, isPaused: input.isPaused() };
}

describe('the limit of a line', () => {
  it.each([
    ['a line of just that length', ['0123456789\n', 'x\n']],
    ['many short ones in one chunk', ['abc\ndef\nghi\njkl\n']],
    ['one in pieces that comes to it', ['01234', '56789', '\n']],
    ['the rest of one beside the begin of the next', ['01234567\n0123456', '789\n01234']],
  ])('lets %s pass', async (_what, chunks) => {
    expect(await toldOf(chunks)).toEqual({ told: [], isPaused: false });
  });

  it.each([
    ['at once', ['01234567890'], 11],
    ['in pieces', ['012345', '67890123'], 14],
    ['after a line that was short enough', ['ok\n0123456', '7890'], 11],
    ['of more bytes than characters', ['ééé', 'ééé'], 12],
    ['that ends in the chunk that is too much', ['0123456', '7890\nok\n'], 11],
  ])('tells of a longer one, %s, and reads no further', async (_what, chunks, bytes) => {
    expect(await toldOf(chunks)).toEqual({ told: [bytes], isPaused: true });
  });

  it('tells of one only, also when somebody reads on', async () => {
    const input = new PassThrough();
    const told: number[] = [];
    onLongLine(input, 10, (bytes) => told.push(bytes));
    for (let each = 0; each < 2; each += 1) {
      input.write('01234567890\n');
      input.resume();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(told).toEqual([11]);
  });
});
