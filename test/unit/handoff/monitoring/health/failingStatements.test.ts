import { expect, it } from 'vitest';
import { DatabaseUnavailableError } from '../../../../../src/errors/databaseErrors.js';
import { FAILURE_COUNTS_MS, FailingStatements } from '../../../../../src/handoff/monitoring/health/failingStatements.js';

const withCode = (code: string, more: object = {}): Error => Object.assign(new Error('refused'), { code, ...more });

it.each([
  ['a column that is not there', withCode('42703')],
  ['a key that is not there', withCode('42P10')],
  ['a table that is not there', withCode('42P01')],
])('counts what is refused for any row, until one such statement succeeds: %s', (_what, error) => {
  const failing = new FailingStatements(() => 0);
  expect(failing.ended('a', error)).toBe(true);
  expect(failing.ended('a', error)).toBe(true);
  expect(failing.ended('b', error)).toBe(true);
  expect(failing.ended('row', withCode('XX001'))).toBe(true);
  failing.ended('c', undefined);
  expect(failing.counts().refused).toBe(3);
  failing.ended('a', undefined);
  expect(failing.counts().refused).toBe(1);
});

it.each([
  ['a trigger that raises', withCode('P0001')],
  ['a column of somebody else that must have a value', withCode('23502')],
  ['a damaged index', withCode('XX002')],
  ['a file that cannot be read', withCode('58030')],
  ['a policy of row-level security', withCode('42501', { routine: 'ExecWithCheckOptions' })],
])('counts what is refused for some rows also when others are taken: %s', (_what, error) => {
  const failing = new FailingStatements(() => 0);
  expect(failing.ended('a', error)).toBe(true);
  expect(failing.ended('a', undefined)).toBe(false);
  expect(failing.counts().refused).toBe(1);
});

it.each([
  ['a value that is there already', withCode('23505')],
  ['a text that is no number', withCode('22P02')],
  ['a right that is missing, which the look at the rights finds', withCode('42501', { routine: 'aclcheck_error' })],
  ['a database that is away', new DatabaseUnavailableError('away', { reasonCode: 'ECONNREFUSED', attempts: 1, waitedMs: 1 })],
  ['anything else', new Error('secret')],
])('counts nothing else, and takes it for no success: %s', (_what, error) => {
  const failing = new FailingStatements(() => 0);
  expect(failing.ended('a', error)).toBe(false);
  expect(failing.counts().refused).toBe(0);
  failing.ended('a', withCode('42703'));
  expect(failing.ended('a', error)).toBe(false);
  expect(failing.counts().refused).toBe(1);
});

it('no longer counts what nobody has tried again for minutes', () => {
  let nowMs = 0;
  const failing = new FailingStatements(() => nowMs);
  failing.ended('rare', withCode('42703'));
  nowMs = FAILURE_COUNTS_MS;
  failing.ended('often', withCode('42703'));
  expect(failing.counts().refused).toBe(2);
  nowMs += 1;
  expect(failing.counts().refused).toBe(1);
});

it('remembers so many names at most', () => {
  const failing = new FailingStatements(() => 0);
  for (let n = 0; n < 1000; n += 1) failing.ended(`made up ${n}`, withCode('42703'));
  expect(failing.counts().refused).toBe(256);
});

it.each([
  ['its time limit', withCode('57014')],
  ['the limit of its wait for a lock', withCode('55P03')],
])('counts a statement that met with %s, until it succeeds', (_what, error) => {
  const failing = new FailingStatements(() => 0);
  expect(failing.ended('a', error)).toBe(true);
  expect(failing.ended('b', error)).toBe(true);
  expect(failing.ended('c', withCode('42703'))).toBe(true);
  expect(failing.counts()).toEqual({ refused: 1, timedOut: 2 });
  failing.ended('a', undefined);
  expect(failing.counts()).toEqual({ refused: 1, timedOut: 1 });
  failing.ended('c', undefined);
  expect(failing.counts()).toEqual({ refused: 0, timedOut: 1 });
});
