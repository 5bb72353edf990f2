import { expect, it } from 'vitest';
import { isFunction, isMapping, isRecord, isThenable } from '../../../src/values/guards.js';

const then = (): void => undefined;

it.each([
  ['an object', {}, { isRecord: true, isMapping: true, isFunction: false, isThenable: false }],
  ['an object without prototype', Object.create(null), { isRecord: true, isMapping: true, isFunction: false, isThenable: false }],
  ['an array', [], { isRecord: true, isMapping: false, isFunction: false, isThenable: false }],
  ['null', null, { isRecord: false, isMapping: false, isFunction: false, isThenable: false }],
  ['a text', 'text', { isRecord: false, isMapping: false, isFunction: false, isThenable: false }],
  ['a function', then, { isRecord: false, isMapping: false, isFunction: true, isThenable: false }],
  ['a promise', Promise.resolve(), { isRecord: true, isMapping: true, isFunction: false, isThenable: true }],
  ["somebody else's promise", { then }, { isRecord: true, isMapping: true, isFunction: false, isThenable: true }],
])('%s', (_what, value, expected) => {
  expect({ isRecord: isRecord(value), isMapping: isMapping(value), isFunction: isFunction(value), isThenable: isThenable(value) }).toEqual(
    expected,
  );
});
