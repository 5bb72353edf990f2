import { describe, expect, it } from 'vitest';
import type { CacheFact, PoolFact, StatementFact, TableFact } from '../../../../../../src/handoff/analytics/recommendations/facts/facts.js';
import { cacheTooSmall } from '../../../../../../src/handoff/analytics/recommendations/rules/cacheTooSmall.js';
import { deadRows } from '../../../../../../src/handoff/analytics/recommendations/rules/deadRows.js';
import { indexInvalid } from '../../../../../../src/handoff/analytics/recommendations/rules/indexInvalid.js';
import { indexMissing } from '../../../../../../src/handoff/analytics/recommendations/rules/indexMissing.js';
import { poolSaturated } from '../../../../../../src/handoff/analytics/recommendations/rules/poolSaturated.js';
import { statementSlow } from '../../../../../../src/handoff/analytics/recommendations/rules/statementSlow.js';
import { statementSpills } from '../../../../../../src/handoff/analytics/recommendations/rules/statementSpills.js';
import { expectNothing, found, span, TO } from '../facts.js';

const MIB = 1_048_576;

describe('index_missing', () => {
  const owner = { column: 'owner', cause: 'statements', calls: 60, distinctValues: 20 } as const;
  const table: TableFact = {
    ...span,
    table: 'notes',
    rows: 10_000,
    deadRows: 0,
    sequentialScans: 50,
    rowsReadBySequentialScans: 50 * 5000,
    unindexed: [owner],
  };
  const of = (change: Partial<TableFact>) => ({ tables: [{ ...table, ...change }] });

  it('names the statement that makes the index, at the thresholds and beyond', () => {
    expect(found(indexMissing, of({}))).toMatchObject([
      { subject: 'notes', severity: 'warning', change: { kind: 'sql', text: 'CREATE INDEX CONCURRENTLY ON notes (owner);' } },
    ]);
    expect(found(indexMissing, of({ rows: 500_000, sequentialScans: 900, rowsReadBySequentialScans: 900 * 500_000 }))).toHaveLength(1);
  });
  it.each<Partial<TableFact>>([
    { rows: 9999 },
    { sequentialScans: 49, rowsReadBySequentialScans: 49 * 10_000 },
    { rowsReadBySequentialScans: 50 * 5000 - 1 },
    { unindexed: [] },
    { unindexed: [{ ...owner, distinctValues: 19 }] },
  ])('says nothing below one of them: %j', (change) => expectNothing(indexMissing, of(change)));
  it('takes the column that most statements compare, before a foreign key', () => {
    const key = { column: 'session_id', cause: 'foreign_key', calls: 0, distinctValues: 9000 } as const;
    expect(found(indexMissing, of({ unindexed: [key, owner] }))[0]?.change.text).toContain('(owner)');
    expect(found(indexMissing, of({ unindexed: [key] }))[0]?.change.text).toContain('(session_id)');
  });
});

describe('index_invalid', () => {
  const index = { index: 'notes_owner_idx', table: 'notes', tableRows: 10, indexBytes: 8192, at: TO };
  it('is made anew, and dropped where it is left over', () => {
    expect(found(indexInvalid, { indexes: [index] })[0]?.change.text).toBe('REINDEX INDEX CONCURRENTLY notes_owner_idx;');
    expect(found(indexInvalid, { indexes: [{ ...index, index: '"Notes_ccnew1"' }] })[0]?.change.text).toBe(
      'DROP INDEX CONCURRENTLY "Notes_ccnew1";',
    );
    expectNothing(indexInvalid, { indexes: [] });
  });
});

const statement: StatementFact = {
  ...span,
  id: '-42',
  calls: 20,
  meanMs: 500,
  timeSharePercent: 5,
  temporaryBytesPerCall: 0,
  workMemoryBytes: 4 * MIB,
};

describe('statement_slow', () => {
  it('tells of a statement at the thresholds and beyond, by its number and not by its text', () => {
    expect(found(statementSlow, { statements: [statement] })).toMatchObject([{ subject: 'queryid -42' }]);
    const worse = { ...statement, id: '7', meanMs: 9000, timeSharePercent: 60 };
    expect(found(statementSlow, { statements: [statement, worse] }).map(({ subject }) => subject)).toEqual(['queryid 7', 'queryid -42']);
  });
  it.each([{ calls: 19 }, { meanMs: 499.9 }, { timeSharePercent: 4.9 }])('says nothing with %j', (change) =>
    expectNothing(statementSlow, { statements: [{ ...statement, ...change }] }),
  );
});

describe('statement_spills', () => {
  const spilling = { ...statement, temporaryBytesPerCall: MIB };
  it('gives work_mem the room, at the thresholds and beyond', () => {
    expect(found(statementSpills, { statements: [spilling] })[0]?.change.text).toContain("work_mem = ''8192kB''");
    expect(found(statementSpills, { statements: [{ ...spilling, temporaryBytesPerCall: 100 * MIB }] })[0]?.change.text).toContain(
      '262144kB',
    );
  });
  it.each([{ calls: 19 }, { temporaryBytesPerCall: MIB - 1 }, { temporaryBytesPerCall: 127 * MIB }])('says nothing with %j', (change) =>
    expectNothing(statementSpills, { statements: [{ ...spilling, ...change }] }),
  );
});

describe('dead_rows', () => {
  const table: TableFact = {
    ...span,
    table: 'notes',
    rows: 25_000,
    deadRows: 10_000,
    sequentialScans: 0,
    rowsReadBySequentialScans: 0,
    unindexed: [],
  };
  it('tells at 40 % and beyond, from 10,000 rows on', () => {
    expect(found(deadRows, { tables: [table] })[0]?.change.text).toMatch(/^VACUUM \(ANALYZE\) notes; ALTER TABLE notes SET/u);
    expect(found(deadRows, { tables: [{ ...table, rows: 0, deadRows: 90_000 }] })).toHaveLength(1);
    expectNothing(deadRows, { tables: [{ ...table, deadRows: 9999, rows: 100 }] });
    expectNothing(deadRows, { tables: [{ ...table, rows: 25_001 }] });
  });
});

describe('pool_saturated', () => {
  const pool: PoolFact = {
    ...span,
    samples: 60,
    meanWaitingCalls: 0.1,
    highestWaitingCalls: 3,
    meanUsedConnections: 9,
    poolSize: 10,
    freeServerConnections: 80,
  };
  it('doubles the pool where the server has room, and leaves half of the room', () => {
    expect(found(poolSaturated, { pool })[0]?.change).toEqual({
      kind: 'setting',
      text: 'HANDOFF_PG_POOL_SIZE=20',
      variable: 'HANDOFF_PG_POOL_SIZE',
      from: 10,
      to: 20,
    });
    expect(found(poolSaturated, { pool: { ...pool, meanWaitingCalls: 7, freeServerConnections: 9 } })[0]?.change).toMatchObject({ to: 14 });
  });
  it.each([{ samples: 59 }, { meanWaitingCalls: 0.099 }, { freeServerConnections: 1 }, { poolSize: 200 }])(
    'says nothing with %j',
    (change) => expectNothing(poolSaturated, { pool: { ...pool, ...change } }),
  );
});

describe('cache_too_small', () => {
  const cache: CacheFact = { ...span, reads: 1000, hits: 799, entries: 95, maxEntries: 100, bytes: 10, maxBytes: 10_000 };
  it('doubles the limit that is reached', () => {
    expect(found(cacheTooSmall, { cache })[0]?.change.text).toBe('HANDOFF_CACHE_MAX_ENTRIES=200');
    expect(found(cacheTooSmall, { cache: { ...cache, hits: 0, entries: 1, bytes: 9500 } })[0]?.change.text).toBe(
      'HANDOFF_CACHE_MAX_BYTES=20000',
    );
  });
  it.each([{ reads: 999, hits: 0 }, { hits: 800 }, { entries: 94 }])('says nothing with %j', (change) =>
    expectNothing(cacheTooSmall, { cache: { ...cache, ...change } }),
  );
});
