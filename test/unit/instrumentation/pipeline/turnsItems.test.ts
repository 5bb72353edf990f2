import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { TurnsItems } from '../../../../src/instrumentation/pipeline/turnsItems.js';

it('hands on the items of a turn at its end, in their order, and those of the next one at the end of that', async () => {
  const handed: number[] = [];
  const items = new TurnsItems<number>((item) => void handed.push(item));
  for (const item of [1, 2, 3]) items.add(item);
  expect(handed).toEqual([]);
  await setImmediate();
  expect(handed).toEqual([1, 2, 3]);
  items.add(4);
  await setImmediate();
  expect(handed).toEqual([1, 2, 3, 4]);
});

it('hands on what is there when asked, and each item once', async () => {
  const handed: number[] = [];
  const items = new TurnsItems<number>((item) => void handed.push(item));
  items.add(1);
  items.handOn();
  expect(handed).toEqual([1]);
  items.add(2);
  await setImmediate();
  expect(handed).toEqual([1, 2]);
});

it('holds no more than so many in a turn that does not end', () => {
  let handed = 0;
  const items = new TurnsItems<number>(() => void (handed += 1));
  for (let item = 0; item < 1000; item += 1) items.add(item);
  expect(handed).toBeGreaterThan(700);
});
