import { expect, it } from 'vitest';
import { DatabaseUnavailableError } from '../../../../../src/errors/databaseErrors.js';
import { REFUSAL_COUNTS_MS, RefusedStatements } from '../../../../../src/handoff/monitoring/health/refusedStatements.js';

const withCode = (code: string, more: object = {}): Error => Object.assign(new Error('refused'), { code, ...more });

it.each([
  ['a column that is not there', withCode('42703')],
  ['a key that is not there', withCode('42P10')],
  ['a table that is not there', withCode('42P01')],
])('counts what is refused for any row, until one such statement succeeds: %s', (_what, error) => {
  const refused = new RefusedStatements(() => 0);
  expect(refused.ended('a', error)).toBe(true);
  expect(refused.ended('a', error)).toBe(true);
  expect(refused.ended('b', error)).toBe(true);
  expect(refused.ended('row', withCode('XX001'))).toBe(true);
  refused.ended('c', undefined);
  expect(refused.count()).toBe(3);
  refused.ended('a', undefined);
  expect(refused.count()).toBe(1);
});

it.each([
  ['a trigger that raises', withCode('P0001')],
  ['a column of somebody else that must have a value', withCode('23502')],
  ['a damaged index', withCode('XX002')],
  ['a file that cannot be read', withCode('58030')],
  ['a policy of row-level security', withCode('42501', { routine: 'ExecWithCheckOptions' })],
])('counts what is refused for some rows also when others are taken: %s', (_what, error) => {
  const refused = new RefusedStatements(() => 0);
  expect(refused.ended('a', error)).toBe(true);
  expect(refused.ended('a', undefined)).toBe(false);
  expect(refused.count()).toBe(1);
});

it.each([
  ['a value that is there already', withCode('23505')],
  ['a text that is no number', withCode('22P02')],
  ['a statement that took too long', withCode('57014')],
  ['a right that is missing, which the look at the rights finds', withCode('42501', { routine: 'aclcheck_error' })],
  ['a database that is away', new DatabaseUnavailableError('away', { reasonCode: 'ECONNREFUSED', attempts: 1, waitedMs: 1 })],
  ['anything else', new Error('secret')],
])('counts nothing else, and takes it for no success: %s', (_what, error) => {
  const refused = new RefusedStatements(() => 0);
  expect(refused.ended('a', error)).toBe(false);
  expect(refused.count()).toBe(0);
  refused.ended('a', withCode('42703'));
  expect(refused.ended('a', error)).toBe(false);
  expect(refused.count()).toBe(1);
});

it('no longer counts what nobody has tried again for minutes', () => {
  let nowMs = 0;
  const refused = new RefusedStatements(() => nowMs);
  refused.ended('rare', withCode('42703'));
  nowMs = REFUSAL_COUNTS_MS;
  refused.ended('often', withCode('42703'));
  expect(refused.count()).toBe(2);
  nowMs += 1;
  expect(refused.count()).toBe(1);
});

it('remembers so many names at most', () => {
  const refused = new RefusedStatements(() => 0);
  for (let n = 0; n < 1000; n += 1) refused.ended(`made up ${n}`, withCode('42703'));
  expect(refused.count()).toBe(256);
});
