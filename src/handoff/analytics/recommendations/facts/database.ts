import type { Queryable } from '../../../storage/database.js';
import {
  hasStatementStatistics,
  readComparedColumns,
  readForeignKeys,
  readInvalidIndexes,
  readStatements,
  readStatementsSince,
  readTables,
} from '../sql/statistics.js';
import type { ColumnRow, InvalidIndexRow, StatementRow, TableRow } from '../sql/statistics.js';
import type { InvalidIndexFact, StatementFact, TableFact, UnindexedColumn } from './facts.js';
import { Unavailable, limited } from './sources.js';
import type { FactSources } from './sources.js';

async function areStatementsCounted(q: Queryable): Promise<boolean> {
  const [row] = await q.query<{ readonly present: boolean }>(hasStatementStatistics);
  return row?.present === true;
}

export async function statementFacts(sources: FactSources): Promise<readonly StatementFact[] | Unavailable> {
  if (!(await limited(sources, areStatementsCounted)))
    return new Unavailable('The extension pg_stat_statements is not in this database: load it with the server, then CREATE EXTENSION.');
  const rows = await limited(sources, (q) => q.query<StatementRow>(readStatements));
  if (rows.length === 0)
    return new Unavailable('pg_stat_statements shows no statement of this database to the role of the server: GRANT pg_read_all_stats.');
  // Older servers do not say.
  const [reset] = await limited(sources, (q) => q.query<{ readonly since: Date | null }>(readStatementsSince)).catch(() => []);
  const span = { from: reset?.since ?? null, to: new Date(sources.clock.nowMs()) };
  return rows.map((row) => ({
    ...span,
    id: row.id,
    calls: row.calls,
    meanMs: row.mean_ms,
    timeSharePercent: row.share_percent ?? 0,
    temporaryBytesPerCall: row.temporary_bytes,
    workMemoryBytes: row.work_memory_bytes,
  }));
}

export async function tableFacts(sources: FactSources): Promise<readonly TableFact[]> {
  const tables = await limited(sources, (q) => q.query<TableRow>(readTables));
  if (tables.length === 0) return [];
  const ids = tables.map(({ id }) => id);
  const keys = await limited(sources, (q) => q.query<ColumnRow>(readForeignKeys, [ids]));
  const compared = await comparedColumns(sources, ids);
  const to = new Date(sources.clock.nowMs());
  return tables.map(({ id, table, rows, dead_rows: deadRows, scans, rows_read: read, since }) => ({
    from: since,
    to,
    table,
    rows,
    deadRows,
    sequentialScans: scans,
    rowsReadBySequentialScans: read,
    unindexed: [...columnsOf(compared, id, 'statements'), ...columnsOf(keys, id, 'foreign_key')],
  }));
}

/** Without the extension foreign keys are still known. */
async function comparedColumns(sources: FactSources, tables: readonly number[]): Promise<readonly ColumnRow[]> {
  try {
    return await limited(sources, async (q) => ((await areStatementsCounted(q)) ? q.query<ColumnRow>(readComparedColumns, [tables]) : []));
  } catch {
    // That statements cannot be read is said of the fact about them.
    return [];
  }
}

function columnsOf(rows: readonly ColumnRow[], table: number, cause: UnindexedColumn['cause']): readonly UnindexedColumn[] {
  return rows
    .filter(({ id }) => id === table)
    .map(({ column, calls, distinct_values: distinctValues }) => ({
      column,
      cause,
      calls,
      distinctValues: Math.round(distinctValues ?? 0),
    }));
}

export async function indexFacts(sources: FactSources): Promise<readonly InvalidIndexFact[]> {
  const rows = await limited(sources, (q) => q.query<InvalidIndexRow>(readInvalidIndexes));
  const at = new Date(sources.clock.nowMs());
  return rows.map(({ index, table, table_rows: tableRows, bytes }) => ({ index, table, tableRows, indexBytes: bytes, at }));
}
