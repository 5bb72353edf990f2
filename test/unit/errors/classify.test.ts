import { expect, it } from 'vitest';
import { errorCode, errorMessage, toError } from '../../../src/errors/classify.js';

const unprintable = {
  toString: () => {
    throw new Error('no');
  },
};

it.each([
  [new Error('text'), 'text'],
  ['text', 'text'],
  [undefined, 'undefined'],
  [null, 'null'],
  [7, '7'],
  [unprintable, 'unprintable error'],
  [Object.create(null), 'unprintable error'],
])('errorMessage of %# is %j', (thrown: unknown, message) => {
  expect(errorMessage(thrown)).toBe(message);
});

it('toError keeps an error, and wraps anything else as its cause', () => {
  const error = new RangeError('x');
  expect(toError(error)).toBe(error);
  expect(toError('text')).toMatchObject({ message: 'text', cause: 'text' });
});

it.each([
  [{ code: '23505' }, '23505'],
  [Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [{ code: 7 }, undefined],
  [{}, undefined],
  [null, undefined],
  ['ECONNREFUSED', undefined],
])('errorCode of %# is %j', (thrown: unknown, code) => {
  expect(errorCode(thrown)).toBe(code);
});
