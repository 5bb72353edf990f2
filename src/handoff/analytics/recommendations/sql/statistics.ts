import type { Statement } from '../../../storage/database.js';

/** Whether the extension is there at all: a statement that fails is counted and logged as one. */
export const hasStatementStatistics: Statement = {
  name: 'handoff_has_statement_statistics',
  text: "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_stat_statements') AS present",
};

const OF_THIS_DATABASE = `s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND s.query <> '<insufficient privilege>'`;

/**
 * The statements that took most time, but for commands, which take as long as there is to do. Their texts stay in the database: they may
 * hold what somebody wrote into them.
 */
export const readStatements: Statement = {
  name: 'handoff_read_statement_statistics',
  text: `
SELECT s.queryid::text AS id, s.calls::float8 AS calls, s.mean_exec_time AS mean_ms,
  (100 * s.total_exec_time / NULLIF((SELECT sum(total_exec_time) FROM pg_stat_statements a WHERE a.dbid = s.dbid), 0))::float8 AS share_percent,
  (s.temp_blks_written * current_setting('block_size')::float8 / s.calls)::float8 AS temporary_bytes,
  (SELECT setting::float8 * 1024 FROM pg_settings WHERE name = 'work_mem') AS work_memory_bytes
FROM pg_stat_statements s
WHERE ${OF_THIS_DATABASE} AND s.query ~* '^\\s*(select|insert|update|delete|with|merge)\\y' AND s.queryid IS NOT NULL AND s.calls > 0
ORDER BY s.total_exec_time DESC
LIMIT 100`,
};

export interface StatementRow {
  readonly id: string;
  readonly calls: number;
  readonly mean_ms: number;
  readonly share_percent: number | null;
  readonly temporary_bytes: number;
  readonly work_memory_bytes: number;
}

/** Since when statements are counted. The view is there since PostgreSQL 14. */
export const readStatementsSince: Statement = {
  name: 'handoff_read_statements_since',
  text: 'SELECT stats_reset AS since FROM pg_stat_statements_info',
};

/** Tables that are large, or that many rows were deleted from; those that were read most come first. */
export const readTables: Statement = {
  name: 'handoff_read_table_statistics',
  text: `
SELECT c.oid::int8::float8 AS id, c.oid::regclass::text AS table, s.n_live_tup::float8 AS rows, s.n_dead_tup::float8 AS dead_rows,
  s.seq_scan::float8 AS scans, s.seq_tup_read::float8 AS rows_read,
  (SELECT d.stats_reset FROM pg_stat_database d WHERE d.datname = current_database()) AS since
FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
WHERE NOT c.relispartition AND (s.n_live_tup >= 10000 OR s.n_dead_tup >= 10000)
ORDER BY s.seq_tup_read DESC
LIMIT 50`,
};

export interface TableRow {
  readonly id: number;
  readonly table: string;
  readonly rows: number;
  readonly dead_rows: number;
  readonly scans: number;
  readonly rows_read: number;
  readonly since: Date | null;
}

const DISTINCT_VALUES = `(SELECT CASE WHEN d.n_distinct < 0 THEN -d.n_distinct * c.reltuples ELSE d.n_distinct END
  FROM pg_stats d WHERE d.schemaname = (SELECT n.nspname FROM pg_namespace n WHERE n.oid = c.relnamespace)
    AND d.tablename = c.relname AND d.attname = a.attname
  ORDER BY d.inherited LIMIT 1)::float8`;

const NO_INDEX = 'NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indisvalid)';

export interface ColumnRow {
  readonly id: number;
  readonly column: string;
  readonly calls: number;
  /** NULL before the table was analysed, and where the role may not read the column. */
  readonly distinct_values: number | null;
}

/** Foreign keys without an index: every deletion of what they refer to looks for them. $1 tables. */
export const readForeignKeys: Statement = {
  name: 'handoff_read_foreign_keys',
  text: `
SELECT DISTINCT c.oid::int8::float8 AS id, quote_ident(a.attname) AS column, 0::float8 AS calls, ${DISTINCT_VALUES} AS distinct_values
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[1]
WHERE k.contype = 'f' AND c.oid = ANY ($1::oid[]) AND ${NO_INDEX}`,
};

/** Columns that statements compare with a value after their WHERE, and that have no index. Plain names only. $1 tables. */
export const readComparedColumns: Statement = {
  name: 'handoff_read_compared_columns',
  text: `
WITH statements AS MATERIALIZED (
  SELECT s.query, s.calls FROM pg_stat_statements s
  WHERE ${OF_THIS_DATABASE} AND s.calls >= 20 AND length(s.query) <= 10000 AND s.query ~* '\\ywhere\\y'
  ORDER BY s.calls DESC LIMIT 200
), reading AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relnamespace, c.reltuples, s.query, s.calls
  FROM pg_class c JOIN statements s ON s.query ~* ('\\y' || c.relname || '\\y')
  WHERE c.oid = ANY ($1::oid[]) AND c.relname ~ '^[a-z_][a-z0-9_]*$'
)
SELECT c.oid::int8::float8 AS id, quote_ident(a.attname) AS column, sum(c.calls)::float8 AS calls, max(${DISTINCT_VALUES}) AS distinct_values
FROM reading c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attname ~ '^[a-z_][a-z0-9_]*$'
WHERE c.query ~* ('\\ywhere\\y.*\\y' || a.attname || '"?\\s*(=|<=?|>=?|in\\s*\\(|between)\\s*(any\\s*\\(\\s*)?\\$\\d') AND ${NO_INDEX}
GROUP BY 1, 2`,
};

/** Indexes that are kept up to date and used by nobody. */
export const readInvalidIndexes: Statement = {
  name: 'handoff_read_invalid_indexes',
  text: `
SELECT i.indexrelid::regclass::text AS index, i.indrelid::regclass::text AS table, GREATEST(c.reltuples, 0)::float8 AS table_rows,
  pg_relation_size(i.indexrelid)::float8 AS bytes
FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
WHERE NOT i.indisvalid AND c.relkind = 'r' AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'pg_toast')
  AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
ORDER BY 4 DESC
LIMIT 20`,
};

export interface InvalidIndexRow {
  readonly index: string;
  readonly table: string;
  readonly table_rows: number;
  readonly bytes: number;
}

/** Connections that ordinary users may still open. Who is no superuser does not see of which kind the connections of others are. */
export const readFreeConnections: Statement = {
  name: 'handoff_read_free_connections',
  text: `
SELECT GREATEST(0, current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
  - (SELECT count(*) FROM pg_stat_activity
      WHERE coalesce(backend_type = 'client backend', usename IS NOT NULL AND datname IS NOT NULL)))::float8 AS free`,
};
