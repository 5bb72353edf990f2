import type { Statement } from '../../storage/database.js';
import { archivedColumns, archivedTables } from './archivedTables.js';
import type { ArchivedTable } from './archivedTables.js';

/** Statements on one of the archived tables. */
export interface RowStatements {
  readonly of: ArchivedTable;
  readonly readPage: Statement;
  readonly deletePage: Statement;
  readonly insertRows: Statement;
}

const PAGE_ROWS = 2000;
const PAGE_BYTES = 2 * 1024 * 1024;

/** What all of a row says, as a number: the sum over rows tells whether the rows that are deleted are those that were read. */
const HASH = 'hashtextextended(r::text, 0)';

export const rowStatements: readonly RowStatements[] = archivedTables.map((of) => ({
  of,
  readPage: { name: `handoff_archive_read_${of.kind}`, text: readPage(of) },
  deletePage: { name: `handoff_archive_delete_${of.kind}`, text: deletePage(of) },
  insertRows: { name: `handoff_archive_insert_${of.kind}`, text: insertRows(of) },
}));

/**
 * Selects the next rows of a session in order, as many as two megabytes or one row. They are found as a range of the index: a join with
 * the keys of the page would make PostgreSQL read, and hash, all of a large session for each page.
 *
 * $1 session id, $2 key of the last row seen.
 */
function readPage({ table, key: { column, type }, columns, bytes }: ArchivedTable): string {
  return `
SELECT r.${column}::text AS key, row_to_json(line)::text AS line, ${HASH}::text AS hash
FROM ${table} r, LATERAL (SELECT ${archivedColumns(columns)}) line
WHERE r.session_id = $1::uuid AND r.${column} > $2::${type} AND r.${column} <= (
  SELECT page.key
  FROM (
    SELECT measured.key, sum(measured.bytes) OVER (ORDER BY measured.key ROWS UNBOUNDED PRECEDING) - measured.bytes AS bytes_before
    FROM (
      SELECT r.${column} AS key, ${bytes} AS bytes FROM ${table} r
      WHERE r.session_id = $1::uuid AND r.${column} > $2::${type} ORDER BY r.${column} LIMIT ${PAGE_ROWS}
    ) measured
  ) page
  WHERE page.bytes_before < ${PAGE_BYTES}
  ORDER BY page.key DESC
  LIMIT 1
)
ORDER BY r.${column}`;
}

export interface ArchivedRow {
  readonly key: string;
  /** The row as JSON. */
  readonly line: string;
  readonly hash: string;
}

/** Deletes the rows of a session with keys after one and up to another. $1 session id, $2 after, $3 up to. */
function deletePage({ table, key: { column, type } }: ArchivedTable): string {
  return `
WITH gone AS (
  DELETE FROM ${table} AS r WHERE r.session_id = $1::uuid AND r.${column} > $2::${type} AND r.${column} <= $3::${type}
  RETURNING ${HASH} AS hash
)
SELECT count(*)::int AS count, COALESCE(sum(hash), 0)::text AS hash FROM gone`;
}

export interface DeletedRows {
  readonly count: number;
  readonly hash: string;
}

/** Puts rows back. $1 JSON array of them. */
function insertRows({ table, columns }: ArchivedTable): string {
  const list = Object.entries(columns);
  return `
WITH added AS (
  INSERT INTO ${table} (${list.map(([name]) => name).join(', ')})
  SELECT ${list.map(([name, type]) => (type === 'jsonb' ? `r.${name}::jsonb` : `r.${name}`)).join(', ')}
  FROM json_to_recordset($1::json) AS r (${list.map(([name, type]) => `${name} ${type === 'jsonb' ? 'text' : type}`).join(', ')})
  RETURNING 1
)
SELECT count(*)::int AS count FROM added`;
}

export interface InsertedRows {
  readonly count: number;
}
