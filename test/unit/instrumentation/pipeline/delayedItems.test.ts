import { stat } from 'node:fs/promises';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { DelayedItems } from '../../../../src/instrumentation/pipeline/delayedItems.js';

it('hands on the items of a moment after it, in their order, and those of the next one after that', async () => {
  const handed: number[] = [];
  const items = new DelayedItems<number>((item) => void handed.push(item));
  for (const item of [1, 2, 3]) items.add(item);
  expect(handed).toEqual([]);
  await vi.waitFor(() => expect(handed).toEqual([1, 2, 3]));
  items.add(4);
  await vi.waitFor(() => expect(handed).toEqual([1, 2, 3, 4]));
});

it('lets what the turn has to write go first', async () => {
  const happened: string[] = [];
  const items = new DelayedItems<string>((item) => void happened.push(item));
  // As when a request arrives: what `setImmediate` runs comes next, and timers only after that.
  await stat('.');
  items.add('encoded');
  void setImmediate().then(() => happened.push('answered'));
  await vi.waitFor(() => expect(happened).toEqual(['answered', 'encoded']));
});

it('hands on what is there when asked, and each item once', async () => {
  const handed: number[] = [];
  const items = new DelayedItems<number>((item) => void handed.push(item));
  items.add(1);
  items.handOn();
  expect(handed).toEqual([1]);
  items.add(2);
  await sleep(20);
  expect(handed).toEqual([1, 2]);
});

it('holds no more than so many while the turn does not end', () => {
  let handed = 0;
  const items = new DelayedItems<number>(() => void (handed += 1));
  for (let item = 0; item < 1000; item += 1) items.add(item);
  expect(handed).toBeGreaterThan(400);
});

it('goes by real timers, whatever clock a test or a browser has put in their place', async () => {
  vi.stubGlobal('setTimeout', () => 1);
  const handed: number[] = [];
  const items = new DelayedItems<number>((item) => void handed.push(item));
  items.add(1);
  vi.unstubAllGlobals();
  await sleep(20);
  expect(handed).toEqual([1]);
});
