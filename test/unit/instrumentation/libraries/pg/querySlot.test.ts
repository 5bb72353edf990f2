import { expect, it } from 'vitest';
import { callbackOf, withCallback } from '../../../../../src/instrumentation/libraries/pg/querySlot.js';

const callback = (): void => undefined;
const other = (): void => undefined;

it.each([
  [['SELECT 1'], undefined],
  [['SELECT 1', [1]], undefined],
  [[null], undefined],
  [['SELECT 1', callback], 'second'],
  [['SELECT 1', [1], callback], 'third'],
  [['SELECT 1', other, callback], 'third'],
  [[{ text: 'SELECT 1', callback }], 'config'],
  [[{ text: 'SELECT 1', callback: other }, callback], 'second'],
  [[{ text: 'SELECT 1', callback: 'none' }], undefined],
])('finds the callback of %o: %s', (args, slot) => {
  expect(callbackOf(args)?.slot).toBe(slot);
  expect(callbackOf(args)?.callback).toBe(slot === undefined ? undefined : callback);
});

/** Older versions of pg store what they are called with in the config. */
function asOldPg([config, values]: readonly unknown[]): unknown {
  if (typeof config === 'object' && config !== null && typeof values === 'function') Reflect.set(config, 'callback', values);
  return callbackOf([config])?.callback ?? values;
}

it.each([
  ['second', [{ text: 'SELECT 1' }, callback]],
  ['config', [{ text: 'SELECT 1', callback }]],
  ['config', [Object.freeze({ text: 'SELECT 1', callback })]],
] as const)('gives the client ours in the %s place, and leaves the host its own', (slot, args) => {
  expect(withCallback(args, { slot, callback }, other, asOldPg)).toBe(other);
  expect(args[0]).toEqual({ text: 'SELECT 1', callback });
});

it('leaves the host its own when the client throws, too', () => {
  const config = { text: 'SELECT 1', callback };
  expect(() =>
    withCallback([config], { slot: 'config', callback }, other, () => {
      throw new Error('refused');
    }),
  ).toThrow('refused');
  expect(config.callback).toBe(callback);
});
