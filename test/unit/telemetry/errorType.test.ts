import { expect, it } from 'vitest';
import { ConcurrentChangeError } from '../../../src/errors/concurrentChangeError.js';
import { errorType } from '../../../src/telemetry/errorType.js';

const withCode = (code: unknown): Error => Object.assign(new TypeError('secret'), { code });

it.each([
  ['a SQLSTATE', withCode('23505'), '23505'],
  ['a system code', withCode('ECONNREFUSED'), 'ECONNREFUSED'],
  ['one of ours', new ConcurrentChangeError('x', 3), 'HANDOFF_CONCURRENT_CHANGE'],
  ['a Node code', withCode('ERR_INVALID_ARG_TYPE'), 'ERR_INVALID_ARG_TYPE'],
  ['a code on a plain object', { code: '57014' }, '57014'],
  ['free text in code', withCode('user 7 not found'), 'TypeError'],
  ['a code with a value in it', withCode('E'.repeat(64)), 'TypeError'],
  ['a numeric code', withCode(23505), 'TypeError'],
  ['no code', new RangeError('secret'), 'RangeError'],
  ['a class name that is no identifier', Object.assign(new Error('x'), { constructor: { name: 'a b' } }), '_OTHER'],
  ['an anonymous class', new (class extends Error {})('x'), '_OTHER'],
  ['a string', 'secret', '_OTHER'],
  ['undefined', undefined, '_OTHER'],
  ['null', null, '_OTHER'],
])('of %s', (_what, thrown: unknown, expected) => {
  expect(errorType(thrown)).toBe(expected);
});

it('of a value whose getters throw is _OTHER', () => {
  const hostile = Object.defineProperty({}, 'code', {
    get: () => {
      throw new Error('no');
    },
  });
  expect(errorType(hostile)).toBe('_OTHER');
});
