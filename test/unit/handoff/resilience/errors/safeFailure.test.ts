import { expect, it } from 'vitest';
import { ConcurrentChangeError } from '../../../../../src/errors/concurrentChangeError.js';
import { DatabaseInterruptedError, DatabaseUnavailableError } from '../../../../../src/errors/databaseErrors.js';
import { EmbeddedOpenError, EmbeddedUnavailableError } from '../../../../../src/errors/embeddedErrors.js';
import { CircuitOpenError } from '../../../../../src/errors/circuitOpenError.js';
import { OverloadedError } from '../../../../../src/errors/overloadedError.js';
import { notBegun, safeFailure } from '../../../../../src/handoff/resilience/errors/safeFailure.js';

const coded = (code: string): Error => Object.assign(new Error('secret'), { code });

it.each([
  ['ECONNREFUSED', 'HANDOFF_DATABASE_UNAVAILABLE'],
  ['ECONNRESET', 'HANDOFF_DATABASE_UNAVAILABLE'],
  ['ENOTFOUND', 'HANDOFF_DATABASE_UNAVAILABLE'],
  ['EAI_AGAIN', 'HANDOFF_DATABASE_UNAVAILABLE'],
  ['08006', 'HANDOFF_DATABASE_UNAVAILABLE'],
  ['57P01', 'HANDOFF_DATABASE_UNAVAILABLE'],
  ['57014', 'HANDOFF_DATABASE_TIMEOUT'],
  ['55P03', 'HANDOFF_DATABASE_TIMEOUT'],
  ['40001', 'HANDOFF_CONCURRENT_CHANGE'],
  ['40P01', 'HANDOFF_CONCURRENT_CHANGE'],
  ['22P05', 'HANDOFF_DATABASE_ENCODING'],
  ['23505', 'HANDOFF_INTERNAL'],
  ['EACCES', 'HANDOFF_INTERNAL'],
])('code %s becomes %s', (code, expected) => {
  const { code: shown, details } = safeFailure(coded(code));
  expect(shown).toBe(expected);
  expect(details).not.toContain('secret');
});

it('our own errors keep their code; what they say to operators stays inside', () => {
  const cause = new Error('secret');
  const rivals = new ConcurrentChangeError('register_session', 3);
  expect(safeFailure(rivals)).toEqual({ code: 'HANDOFF_CONCURRENT_CHANGE', details: rivals.message });
  expect(safeFailure(new DatabaseInterruptedError('handoff_insert_entry', 'ECONNRESET', cause))).toEqual({
    code: 'HANDOFF_DATABASE_INTERRUPTED',
    details:
      'The connection to the database broke during the call. Whether it took effect is unknown: read the session before repeating it.',
  });
  expect(safeFailure(new DatabaseUnavailableError('secret', { reasonCode: 'ECONNREFUSED', attempts: 1, waitedMs: 0 }, { cause }))).toEqual({
    code: 'HANDOFF_DATABASE_UNAVAILABLE',
    details: 'The service cannot reach its database at the moment. Try again in a few seconds.',
  });
  const { code, details } = safeFailure(new EmbeddedOpenError('/home/secret', 'damaged', 'secret', { cause }));
  expect(code).toBe('HANDOFF_EMBEDDED_OPEN');
  expect(details).not.toContain('secret');
});

it.each([undefined, null, 'secret', { message: 'secret' }])('%j becomes HANDOFF_INTERNAL without a word of it', (thrown) => {
  expect(safeFailure(thrown)).toEqual({
    code: 'HANDOFF_INTERNAL',
    details: "The server failed with an internal error. Its operator can find the cause in the server's log under this trace.",
  });
});

it('a suspended owner of the embedded database is named with the remedy, and its folder is not', () => {
  const cause = new EmbeddedUnavailableError('/home/secret', 15_000, undefined, { pid: 4711, state: 'suspended' });
  expect(cause.message).toContain('/home/secret');
  const remedy =
    'Process 4711 holds the embedded database and is suspended. Resume it (`fg` in its terminal, or `kill -CONT 4711`), ' +
    'or end it with `kill -KILL 4711`; another process then takes over, and nothing that was acknowledged is lost.';
  const unsent = new DatabaseUnavailableError('secret', { reasonCode: cause.code, attempts: 1, waitedMs: 15_000 }, { cause });
  expect(safeFailure(unsent)).toEqual({ code: 'HANDOFF_EMBEDDED_UNAVAILABLE', details: remedy });
  const sent = safeFailure(new DatabaseInterruptedError('handoff_insert_entry', cause.code, cause));
  expect(sent.code).toBe('HANDOFF_DATABASE_INTERRUPTED');
  expect(sent.details).toMatch(/Whether it took effect is unknown.*kill -CONT 4711/);
});

it('a call that was not begun, and a database that is left alone, say when to try again', () => {
  expect(safeFailure(new OverloadedError('queue_full', 250))).toMatchObject({ code: 'HANDOFF_OVERLOADED', retryAfterMs: 250 });
  expect(notBegun(133.37).retryAfterMs).toBe(134);
  expect(safeFailure(new OverloadedError('queue_timeout', 250)).details).toContain('nothing was changed');
  expect(safeFailure(new OverloadedError('bulkhead_full', 250)).details).toContain('read the session before');
  const cause = new CircuitOpenError('database', 700);
  const refused = new DatabaseUnavailableError('no', { reasonCode: 'circuit_open', attempts: 0, waitedMs: 0 }, { cause });
  expect(safeFailure(refused)).toMatchObject({ code: 'HANDOFF_DATABASE_UNAVAILABLE', retryAfterMs: 700 });
});
