import { expect, it } from 'vitest';
import { PickedAttributes } from '../../../src/telemetry/pickedAttributes.js';

it('keeps the attributes that a metric may have, and is one frozen object for equal values', () => {
  const picked = new PickedAttributes(['operation', 'error', 'retried']);
  const first = picked.of({ session: 's-1', operation: 'append', retried: false });
  expect(first).toEqual({ operation: 'append', retried: false });
  expect(Object.isFrozen(first)).toBe(true);
  expect(picked.of({ retried: false, operation: 'append', session: 's-2' })).toBe(first);
  expect(picked.of({ operation: 'append', retried: 'false' })).toEqual({ operation: 'append', retried: 'false' });
  expect(picked.of({ operation: 'append', error: 'timeout', retried: false })).not.toBe(first);
  expect(picked.of({})).toEqual({});
});

it('copies a list each time, since it may change', () => {
  const picked = new PickedAttributes(['names']);
  const names = ['a'];
  const first = picked.of({ names });
  expect([Object.isFrozen(first), first === picked.of({ names })]).toEqual([false, false]);
});

it('remembers no more than so many, and picks from the rest all the same', () => {
  const picked = new PickedAttributes(['id']);
  for (let id = 0; id < 2000; id += 1) picked.of({ id });
  expect(picked.of({ id: 0 })).toBe(picked.of({ id: 0 }));
  expect(picked.of({ id: 5000 })).toEqual({ id: 5000 });
  expect(picked.of({ id: 5000 })).not.toBe(picked.of({ id: 5000 }));
});
