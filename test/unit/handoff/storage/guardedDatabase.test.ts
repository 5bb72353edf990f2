import { describe, expect, it, vi } from 'vitest';
import type { Pool } from 'pg';
import { CircuitOpenError } from '../../../../src/errors/circuitOpenError.js';
import { DatabaseUnavailableError } from '../../../../src/errors/databaseErrors.js';
import { EmbeddedUnavailableError } from '../../../../src/errors/embeddedErrors.js';
import { expireDue } from '../../../../src/handoff/lifecycle/sql/expireDue.js';
import { acceptHandoff } from '../../../../src/handoff/sessions/handoffs/sql/acceptHandoff.js';
import { listEvents } from '../../../../src/handoff/sessions/handoffs/sql/listEvents.js';
import { listHandoffs } from '../../../../src/handoff/sessions/handoffs/sql/listHandoffs.js';
import { readLifecycle } from '../../../../src/handoff/sessions/handoffs/sql/readLifecycle.js';
import { insertEntry } from '../../../../src/handoff/sessions/sql/insertEntry.js';
import { insertSession } from '../../../../src/handoff/sessions/sql/insertSession.js';
import { listEntries } from '../../../../src/handoff/sessions/sql/listEntries.js';
import { listSessions } from '../../../../src/handoff/sessions/sql/listSessions.js';
import { lockSession } from '../../../../src/handoff/sessions/sql/lockSession.js';
import { readState } from '../../../../src/handoff/sessions/sql/readState.js';
import { readSummary } from '../../../../src/handoff/sessions/sql/readSummary.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import type { Guard } from '../../../../src/handoff/storage/guard.js';
import { guardedDatabase } from '../../../../src/handoff/storage/guardedDatabase.js';
import { onlyReads } from '../../../../src/handoff/storage/onlyReads.js';

const pool = {} as Pool;
const database: Database = {
  kind: 'postgres',
  pool,
  query: async <Row extends object>() => [{ writable: true }] as unknown as Row[],
  transaction: (fn) => fn({ query: async () => [] }),
  close: async () => undefined,
};
const passing: Guard = { run: (work) => work(), read: (work) => work() };
let serial = 0;
const reads = (text: string): boolean => onlyReads({ name: `statement_${(serial += 1)}`, text });

describe('onlyReads', () => {
  it.each([
    'SELECT id FROM sessions WHERE session_key = $1',
    "  SELECT current_setting('transaction_read_only')",
    'SELECT created_at, updated_at, is_deleted, locked_by, do_not FROM sessions',
    'WITH page AS (SELECT id FROM sessions) SELECT * FROM page',
  ])('%s', (text) => expect(reads(text)).toBe(true));

  it.each([
    'INSERT INTO sessions DEFAULT VALUES',
    'SELECT id FROM sessions FOR UPDATE SKIP LOCKED',
    'SELECT id FROM sessions FOR SHARE',
    'WITH gone AS (DELETE FROM sessions RETURNING id) SELECT id FROM gone',
    'WITH made AS (INSERT INTO a VALUES (1) RETURNING 1) SELECT 1',
    'SELECT pg_advisory_xact_lock(1)',
    "SELECT nextval('s')",
    'SELECT handoff_make_partition($1)',
    'SELECT 1 INTO t',
    'UPDATE sessions SET status = $1',
    'LOCK TABLE sessions',
  ])('not %s', (text) => expect(reads(text)).toBe(false));
});

it('of the statements of agents, those that read are repeated and those that write are not', () => {
  expect([listEntries, listSessions, readSummary, readLifecycle, readState, listEvents].map((statement) => onlyReads(statement))).toEqual(
    Array.from({ length: 6 }, () => true),
  );
  expect(
    [insertEntry, insertSession, acceptHandoff, listHandoffs, lockSession, expireDue].map((statement) => onlyReads(statement)),
  ).toEqual(Array.from({ length: 6 }, () => false));
});

describe('guardedDatabase', () => {
  it('runs reads as reads, and everything else once', async () => {
    const seen: string[] = [];
    const guarded = guardedDatabase(database, () => ({
      run: (work) => (seen.push('run'), work()),
      read: (work) => (seen.push('read'), work()),
    }));
    await guarded.query({ name: 'guarded_read', text: 'SELECT 1' });
    await guarded.query({ name: 'guarded_write', text: 'DELETE FROM a' });
    await guarded.transaction(async () => undefined);
    expect(seen).toEqual(['read', 'run', 'run']);
    expect(guarded).toMatchObject({ kind: 'postgres', pool });
  });

  it('probes the database itself', async () => {
    const query = vi.fn(database.query);
    let probe: (() => Promise<unknown>) | undefined;
    guardedDatabase({ ...database, query } as Database, (given) => {
      probe = given;
      return passing;
    });
    await probe?.();
    expect(query).toHaveBeenCalledOnce();
  });

  it.each(['query', 'transaction'] as const)('%s: an open circuit is a database that is not available', async (method) => {
    const refusal = new CircuitOpenError('database', 500, new Error('before'));
    const guarded = guardedDatabase(database, () => ({ run: () => Promise.reject(refusal), read: () => Promise.reject(refusal) }));
    const call = method === 'query' ? guarded.query({ name: 'q', text: 'SELECT 1' }) : guarded.transaction(async () => undefined);
    const error = await call.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DatabaseUnavailableError);
    expect(error).toMatchObject({ data: { reasonCode: 'circuit_open' }, cause: refusal });
  });

  it('keeps what the user of the embedded database can do', async () => {
    const embedded = new EmbeddedUnavailableError('/data', 5000, undefined, { pid: 7, state: 'suspended' });
    const last = new DatabaseUnavailableError('no', { reasonCode: 'x', attempts: 1, waitedMs: 1 }, { cause: embedded });
    const refusal = new CircuitOpenError('database', 500, last);
    const guarded = guardedDatabase(database, () => ({ run: () => Promise.reject(refusal), read: () => Promise.reject(refusal) }));
    await expect(guarded.query({ name: 'q', text: 'SELECT 1' })).rejects.toMatchObject({ cause: embedded });
  });

  it('leaves every other error as it is', async () => {
    const failure = new Error('syntax');
    const guarded = guardedDatabase(database, () => ({ run: () => Promise.reject(failure), read: () => Promise.reject(failure) }));
    await expect(guarded.query({ name: 'q', text: 'SELECT 1' })).rejects.toBe(failure);
  });
});
