import { expect, it } from 'vitest';
import { pgErrorType, sqlState } from '../../../../../src/instrumentation/libraries/pg/pgErrorType.js';

const coded = (code: unknown): Error => Object.assign(new Error('secret'), { code });

it.each([
  [coded('23505'), '23505', '23505'],
  [coded('P0001'), 'P0001', 'P0001'],
  [coded('ECONNREFUSED'), 'ECONNREFUSED', undefined],
  [coded('EPIPE'), 'EPIPE', undefined],
  [coded('a secret'), 'Error', undefined],
  [coded(7), 'Error', undefined],
  [new AggregateError([], 'secret'), 'AggregateError', undefined],
  [new Error('Query read timeout'), 'timeout', undefined],
  [new Error('timeout exceeded when trying to connect'), 'timeout', undefined],
  [new Error('Connection terminated unexpectedly'), 'connection_terminated', undefined],
  [new Error('Cannot use a pool after calling end on the pool'), 'pool_closed', undefined],
  ['secret', '_OTHER', undefined],
  [null, '_OTHER', undefined],
])('%o is %s', (thrown, type, state) => {
  expect(pgErrorType(thrown)).toBe(type);
  expect(sqlState(type)).toBe(state);
});

it('survives an error that does not want to be looked at', () => {
  const hostile = {
    get code(): string {
      throw new Error('secret');
    },
  };
  expect(pgErrorType(hostile)).toBe('_OTHER');
});
