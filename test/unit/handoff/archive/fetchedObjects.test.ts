import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { FetchedObjects } from '../../../../src/handoff/archive/fetchedObjects.js';
import { FakeClock } from '../../../../src/testing.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const bytes = (length: number): Uint8Array => new Uint8Array(length);
const objectsWith = (options = {}, clock = new FakeClock()) => new FetchedObjects(clock, { maxBytes: 100, maxAgeMs: 1000, ...options });
const keep = (objects: FetchedObjects, sessionId: string, objectKey: string, length: number): void =>
  objects.keep(objects.begin(), sessionId, objectKey, bytes(length));

it('drops the least recently used object first', () => {
  const objects = objectsWith();
  keep(objects, 'a', 'o', 40);
  keep(objects, 'b', 'o', 40);
  expect(objects.get('a', 'o')).toHaveLength(40);
  keep(objects, 'c', 'o', 40);
  expect([objects.get('a', 'o')?.length, objects.get('b', 'o'), objects.get('c', 'o')?.length]).toEqual([40, undefined, 40]);
});

it('keeps no object that would take more than half of the room, and counts a replaced one once', () => {
  const objects = objectsWith();
  keep(objects, 'large', 'o', 51);
  expect(objects.get('large', 'o')).toBeUndefined();
  for (let again = 0; again < 10; again += 1) keep(objects, 'a', 'o', 50);
  keep(objects, 'b', 'o', 50);
  expect([objects.get('a', 'o')?.length, objects.get('b', 'o')?.length]).toEqual([50, 50]);
});

it('gives no object that is too old, of another key, or forgotten', async () => {
  const clock = new FakeClock();
  const objects = objectsWith({}, clock);
  keep(objects, 'a', 'first', 1);
  expect(objects.get('a', 'second')).toBeUndefined();
  keep(objects, 'a', 'first', 1);
  objects.forget('a');
  objects.forget('a');
  expect(objects.get('a', 'first')).toBeUndefined();
  keep(objects, 'a', 'first', 1);
  await clock.advance(999);
  expect(objects.get('a', 'first')).toHaveLength(1);
  await clock.advance(2);
  expect(objects.get('a', 'first')).toBeUndefined();
});

it('keeps no object that was fetched while something was erased: it may be the erased one', () => {
  const objects = objectsWith();
  const begun = objects.begin();
  objects.forget('a');
  objects.keep(begun, 'a', 'o', bytes(1));
  expect(objects.get('a', 'o')).toBeUndefined();
  keep(objects, 'a', 'o', 1);
  expect(objects.get('a', 'o')).toHaveLength(1);
});

it('lets go of what is too old although nobody asks for it, again and again', async () => {
  const clock = new FakeClock();
  const objects = objectsWith({}, clock);
  for (const round of [1, 2]) {
    const held = new WeakRef(bytes(40));
    objects.keep(objects.begin(), 'a', `o${round}`, held.deref() ?? bytes(0));
    await clock.advance(1001);
    await expect.poll(() => (collect(), held.deref())).toBeUndefined();
  }
});

it('does not turn in circles where a clock of the host sleeps for no time', async () => {
  let sleeps = 0;
  const sleep = async (): Promise<void> => {
    sleeps += 1;
    if (sleeps > 100) throw new Error('in circles');
  };
  const objects = new FetchedObjects({ nowMs: () => 0, monotonicMs: () => 0, sleep });
  keep(objects, 'a', 'o', 1);
  await new Promise((resolve) => setImmediate(resolve));
  expect([sleeps, objects.get('a', 'o')?.length]).toEqual([1, 1]);
});
