import { describe, expect, it } from 'vitest';
import { categoryByCode, classifyError } from '../../../src/errors/categories.js';
import { CircuitOpenError } from '../../../src/errors/circuitOpenError.js';
import { DatabaseInterruptedError } from '../../../src/errors/databaseErrors.js';
import { asDataError, DataCorruptedError, DataInconsistentError, DataInvalidError } from '../../../src/errors/dataErrors.js';
import { SessionUnknownError } from '../../../src/errors/lifecycleErrors.js';
import { OverloadedError } from '../../../src/errors/overloadedError.js';
import { TimedOut } from '../../../src/time/within.js';

const coded = (code: string, message = 'text'): Error => Object.assign(new Error(message), { code });
const named = (name: string): Error => Object.assign(new Error('text'), { name });

describe('classifyError', () => {
  it.each([
    ['a broken connection', new DatabaseInterruptedError('handoff_x', 'ECONNRESET', coded('ECONNRESET')), 'system'],
    ['an open circuit', new CircuitOpenError('database', 1000), 'system'],
    ['an unknown session', new SessionUnknownError('5f0c'), 'session'],
    ['a call that was shed', new OverloadedError('queue_full', 250), 'performance'],
    ['damaged data', new DataCorruptedError('sessions', 'XX001'), 'data'],
    ['PostgreSQL: refused connection', coded('ECONNREFUSED'), 'system'],
    ['PostgreSQL: admin shutdown', coded('57P01'), 'system'],
    ['PostgreSQL: disk full', coded('53100'), 'system'],
    ['PostgreSQL: too many connections', coded('53300'), 'system'],
    ['PostgreSQL: syntax error', coded('42601'), 'system'],
    ['PostgreSQL: wrong password', coded('28P01'), 'system'],
    ['PostgreSQL: cancelled', coded('57014'), 'performance'],
    ['PostgreSQL: lock not available', coded('55P03'), 'performance'],
    ['PostgreSQL: deadlock', coded('40P01'), 'performance'],
    ['PostgreSQL: serialization failure', coded('40001'), 'performance'],
    ['PostgreSQL: statement too complex', coded('54001'), 'performance'],
    ['PostgreSQL: unique key', coded('23505'), 'data'],
    ['PostgreSQL: bad UUID', coded('22P02'), 'data'],
    ['PostgreSQL: damaged page', coded('XX001'), 'data'],
    ['PostgreSQL: internal error', coded('XX000'), 'system'],
    ['pg: the pool is exhausted', new Error('timeout exceeded when trying to connect'), 'performance'],
    ['Redis: slow', new Error('Command timed out'), 'performance'],
    ['Redis: full', new Error('OOM command not allowed when used memory > maxmemory'), 'system'],
    ['Redis: a replica', new Error('READONLY You can not write against a read only replica.'), 'system'],
    ['Redis: wrong type', new Error('WRONGTYPE Operation against a key holding the wrong kind of value'), 'data'],
    ['Node: disk full', coded('ENOSPC'), 'system'],
    ['Node: broken pipe, a code of five letters', coded('EPIPE'), 'system'],
    ['Node: no answer', coded('ETIMEDOUT'), 'performance'],
    ['Node: aborted', named('AbortError'), 'performance'],
    ['our time limit', new TimedOut(10), 'performance'],
    ['text that is no JSON', new SyntaxError('Unexpected token'), 'data'],
    ['an answer with a code of ours', { code: 'HANDOFF_SESSION_UNKNOWN' }, 'session'],
    ['nothing that we know', new Error('what'), 'system'],
    ['no error at all', undefined, 'system'],
  ])('%s', (_what, thrown, category) => {
    expect(classifyError(thrown)).toBe(category);
  });

  it('does not fail on a value whose getters throw', () => {
    const hostile = Object.defineProperty(new Error('x'), 'code', {
      get: () => {
        throw new Error('no');
      },
    });
    expect(classifyError(hostile)).toBe('system');
  });

  it('uses all four categories', () => {
    expect(new Set(Object.values(categoryByCode))).toEqual(new Set(['system', 'session', 'performance', 'data']));
  });
});

describe('asDataError', () => {
  it.each([
    ['XX001', DataCorruptedError],
    ['XX002', DataCorruptedError],
    ['22P02', DataInvalidError],
    ['22001', DataInvalidError],
    ['23502', DataInvalidError],
    ['23514', DataInvalidError],
    ['23503', DataInconsistentError],
    ['23505', DataInconsistentError],
    ['23P01', DataInconsistentError],
  ])('%s', (code, Class) => {
    const refusal = Object.assign(coded(code, 'Key (session_key)=(secret) already exists'), { table: 'sessions' });
    const error = asDataError(refusal);
    expect(error).toBeInstanceOf(Class);
    expect(error).toMatchObject({ data: { where: 'sessions', reason: code }, cause: refusal });
    expect(error?.message).not.toContain('secret');
    expect(asDataError(error)).toBe(error);
  });

  it('names no table that pg does not name, and nothing that is no table', () => {
    expect(asDataError(coded('22001'))?.data.where).toBe('the database');
    expect(asDataError(Object.assign(coded('23505'), { table: 'a b; --' }))?.data.where).toBe('the database');
  });

  it.each(['57P01', '40001', '42601', 'ECONNRESET'])('%s is about something else', (code) => {
    expect(asDataError(coded(code))).toBeUndefined();
  });
});
