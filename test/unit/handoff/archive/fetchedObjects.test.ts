import { expect, it } from 'vitest';
import { FetchedObjects } from '../../../../src/handoff/archive/fetchedObjects.js';
import { FakeClock } from '../../../../src/testing.js';

const bytes = (length: number): Uint8Array => new Uint8Array(length);
const keep = (options = {}, clock = new FakeClock()) => new FetchedObjects(clock, { maxBytes: 100, maxAgeMs: 1000, ...options });

it('drops the least recently used object first', () => {
  const objects = keep();
  objects.set('a', 'o', bytes(40));
  objects.set('b', 'o', bytes(40));
  expect(objects.get('a', 'o')).toHaveLength(40);
  objects.set('c', 'o', bytes(40));
  expect([objects.get('a', 'o')?.length, objects.get('b', 'o'), objects.get('c', 'o')?.length]).toEqual([40, undefined, 40]);
});

it('keeps no object that would take more than half of the room, and counts a replaced one once', () => {
  const objects = keep();
  objects.set('large', 'o', bytes(51));
  expect(objects.get('large', 'o')).toBeUndefined();
  for (let again = 0; again < 10; again += 1) objects.set('a', 'o', bytes(50));
  objects.set('b', 'o', bytes(50));
  expect([objects.get('a', 'o')?.length, objects.get('b', 'o')?.length]).toEqual([50, 50]);
});

it('gives no object that is too old, of another key, or forgotten', async () => {
  const clock = new FakeClock();
  const objects = keep({}, clock);
  objects.set('a', 'first', bytes(1));
  expect(objects.get('a', 'second')).toBeUndefined();
  objects.set('a', 'first', bytes(1));
  objects.delete('a');
  objects.delete('a');
  expect(objects.get('a', 'first')).toBeUndefined();
  objects.set('a', 'first', bytes(1));
  await clock.advance(999);
  expect(objects.get('a', 'first')).toHaveLength(1);
  await clock.advance(2);
  expect(objects.get('a', 'first')).toBeUndefined();
});
