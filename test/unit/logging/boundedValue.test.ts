import { expect, it } from 'vitest';
import { boundedValue, newBudget } from '../../../src/logging/boundedValue.js';

it('copies no more of a wide object, or of a list, than a record may hold', () => {
  const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`key${at}`, 'text']));
  expect(Object.keys(boundedValue(wide, newBudget()) as object).length).toBeLessThan(257);
  expect((boundedValue(Object.values(wide), newBudget()) as unknown[]).length).toBeLessThan(257);
});

it('goes only so deep, also into what toJSON returns', () => {
  expect(boundedValue({ a: { b: { c: { d: { e: 1 } } } } }, newBudget())).toEqual({ a: { b: { c: { d: '[…]' } } } });
  const endless = { toJSON: () => endless };
  expect(boundedValue(endless, newBudget())).toBe('[…]');
});

it('turns what OpenTelemetry cannot export into what says as much and holds no content', () => {
  const error = Object.assign(new RangeError('secret'), { detail: 'secret' });
  const value = { count: 12345678901234567890n, error, bytes: new Uint8Array(3), none: undefined, list: [undefined] };
  expect(boundedValue(value, newBudget())).toEqual({
    count: '12345678901234567890',
    error: { type: 'RangeError' },
    bytes: '[3 bytes]',
    list: [null],
  });
});
