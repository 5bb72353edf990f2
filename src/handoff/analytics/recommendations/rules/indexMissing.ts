import type { TableFact, UnindexedColumn } from '../facts/facts.js';
import type { Rule } from '../rule.js';

const LEAST_ROWS = 10_000;
const LEAST_SCANS = 50;
const LEAST_READ_SHARE = 0.5;
const LEAST_DISTINCT = 20;

export const indexMissing: Rule = {
  code: 'index_missing',
  title: 'A large table is read from end to end, for want of an index',
  severity: 'warning',
  needs: ['tables'],
  when: `a table of ${LEAST_ROWS} rows or more was scanned sequentially ${LEAST_SCANS} times or more, each scan read ${LEAST_READ_SHARE * 100} % of it or more on average, and no index begins with a column that has ${LEAST_DISTINCT} distinct values or more and is a foreign key or is compared in statements`,
  source:
    'ours: below 10,000 rows a scan takes only a millisecond or two, and with fewer than 20 distinct values an index does not narrow the search enough',
  find: ({ tables = [] }) =>
    tables.filter(isScanned).flatMap((table) => {
      const column = table.unindexed
        .filter(({ distinctValues }) => distinctValues >= LEAST_DISTINCT)
        .toSorted((a, b) => b.calls - a.calls || b.distinctValues - a.distinctValues)[0];
      return column === undefined ? [] : [found(table, column)];
    }),
};

function isScanned({ rows, sequentialScans: scans, rowsReadBySequentialScans: read }: TableFact): boolean {
  return rows >= LEAST_ROWS && scans >= LEAST_SCANS && read / scans >= LEAST_READ_SHARE * rows;
}

function found(fact: TableFact, { column, calls, cause, distinctValues }: UnindexedColumn) {
  const { table, rows, sequentialScans, rowsReadBySequentialScans, from, to } = fact;
  const figure = (name: string, value: number, unit: string) => ({ name, value, unit, from, to });
  const perScan = Math.round(rowsReadBySequentialScans / sequentialScans);
  return {
    subject: table,
    evidence: [
      figure('rows of the table', rows, 'rows'),
      figure('sequential scans', sequentialScans, 'scans'),
      figure('rows read by a scan, on average', perScan, 'rows'),
      figure(`distinct values of ${column}`, distinctValues, 'values'),
      ...(cause === 'statements' ? [figure(`calls of statements that compare ${column}`, calls, 'calls')] : []),
    ],
    expectedEffect: `Looking up one value of ${column} reads about ${Math.ceil(rows / distinctValues)} rows instead of ${perScan}.`,
    change: { kind: 'sql', text: `CREATE INDEX CONCURRENTLY ON ${table} (${column});` },
    howToCheck: `seq_scan of ${table} in pg_stat_user_tables stops rising, and idx_scan of the new index in pg_stat_user_indexes rises.`,
  } as const;
}
