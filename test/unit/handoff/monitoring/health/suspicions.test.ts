import { expect, it } from 'vitest';
import { DatabaseInterruptedError, DatabaseUnavailableError } from '../../../../../src/errors/databaseErrors.js';
import { Suspicions } from '../../../../../src/handoff/monitoring/health/suspicions.js';

function suspectsOf(act: (suspicions: Suspicions) => void): readonly string[] {
  const suspects: string[] = [];
  const suspicions = new Suspicions(() => 0);
  suspicions.listen((part) => suspects.push(part));
  act(suspicions);
  return suspects;
}

const withCode = (code: string): Error => Object.assign(new Error('refused'), { code });

it.each([
  ['no connection', new DatabaseUnavailableError('away', { reasonCode: 'ECONNREFUSED', attempts: 1, waitedMs: 1 })],
  ['a table that is not there', withCode('42P01')],
  ['a column that is not there', withCode('42703')],
  ['a statement that took too long', withCode('57014')],
  ['a schema that is not there', withCode('3F000')],
  ['a table that may not be used', withCode('42501')],
  ['a full disk', withCode('53100')],
])('a statement that failed makes the database suspect: %s', (_what, error) => {
  expect(suspectsOf((suspicions) => suspicions.statementEnded('any', error))).toEqual(['database']);
});

it.each([
  ['a connection that broke, since the pool makes another', new DatabaseInterruptedError('handoff_any', 'ECONNRESET', undefined)],
  ['a value that is there already', withCode('23505')],
  ['anything else', new Error('secret')],
])('a statement that failed says nothing of the database: %s', (_what, error) => {
  expect(suspectsOf((suspicions) => suspicions.statementEnded('any', error))).toEqual([]);
});

it('a statement that its caller goes on without says nothing of the database, unless the database is away or its disk is full', () => {
  const suspicions = new Suspicions(() => 0);
  const suspects: string[] = [];
  suspicions.listen((part) => suspects.push(part));
  suspicions.statementEnded('any', withCode('55P03'), true);
  suspicions.statementEnded('any', withCode('42P01'), true);
  expect([suspicions.failingStatements(), suspects]).toEqual([{ refused: 0, timedOut: 0 }, []]);
  suspicions.statementEnded('any', withCode('53100'), true);
  expect([suspicions.takeSpaceRefusals(), suspects]).toEqual([1, ['database']]);
});

it('a use of the cache that failed makes Redis suspect', () => {
  expect(suspectsOf((suspicions) => suspicions.cacheFailed())).toEqual(['redis']);
});

it('needs nobody who listens', () => {
  const suspicions = new Suspicions(() => 0);
  suspicions.cacheFailed();
  suspicions.statementEnded('any', withCode('53100'));
  expect(suspicions.takeSpaceRefusals()).toBe(1);
});
