import { PassThrough, Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { SlowReader } from '../../../../src/handoff/server/slowReader.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('takes requests while answers are read, holds them while too many are not, and takes them in order when they were', async () => {
  const input = new PassThrough();
  const output = new PassThrough({ highWaterMark: 10 });
  const reader = new SlowReader(input, output, 100);
  const taken: number[] = [];
  input.on('data', () => undefined);
  const take = (number: number): void => reader.whenReading(() => taken.push(number));
  take(1);
  output.write('x'.repeat(100));
  take(2);
  output.write('x');
  take(3);
  take(4);
  expect(taken).toEqual([1, 2]);
  expect(input.isPaused()).toBe(true);
  output.resume();
  await turn();
  await turn();
  expect(taken).toEqual([1, 2, 3, 4]);
  expect(input.isPaused()).toBe(false);
  take(5);
  expect(taken).toEqual([1, 2, 3, 4, 5]);
});

it('lets no request overtake those that are held, though some of the answers have been read meanwhile', async () => {
  const reads: (() => void)[] = [];
  const output = new Writable({ highWaterMark: 10, write: (_chunk, _encoding, done) => void reads.push(done) });
  const reader = new SlowReader(new PassThrough(), output, 100);
  const taken: number[] = [];
  output.write('x'.repeat(100));
  output.write('x');
  reader.whenReading(() => taken.push(1));
  reads.shift()?.();
  await turn();
  expect(output.writableLength).toBe(1);
  reader.whenReading(() => taken.push(2));
  reads.shift()?.();
  await turn();
  expect(taken).toEqual([1, 2]);
});
