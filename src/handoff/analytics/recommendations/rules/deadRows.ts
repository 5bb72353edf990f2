import type { Rule } from '../rule.js';

const LEAST_DEAD_ROWS = 10_000;
const LEAST_SHARE = 0.4;
const SCALE_FACTOR = 0.05;

export const deadRows: Rule = {
  code: 'dead_rows',
  title: 'Autovacuum does not keep up with a table',
  severity: 'warning',
  needs: ['tables'],
  when: `a table has ${LEAST_DEAD_ROWS} dead rows or more, and this is ${LEAST_SHARE * 100} % or more of the number of its live rows`,
  source: 'PostgreSQL: autovacuum should start at 20 % (autovacuum_vacuum_scale_factor); this is twice as much',
  find: ({ tables = [] }) =>
    tables
      .filter(({ rows, deadRows: dead }) => dead >= LEAST_DEAD_ROWS && dead >= LEAST_SHARE * rows)
      .toSorted((a, b) => b.deadRows - a.deadRows)
      .map(({ table, rows, deadRows: dead, to }) => ({
        subject: table,
        evidence: [
          { name: 'dead rows', value: dead, unit: 'rows', from: to, to },
          { name: 'live rows', value: rows, unit: 'rows', from: to, to },
        ],
        expectedEffect: `The space of ${dead} dead rows can be reused, and scans no longer read them.`,
        change: {
          kind: 'sql',
          text: `VACUUM (ANALYZE) ${table}; ALTER TABLE ${table} SET (autovacuum_vacuum_scale_factor = ${SCALE_FACTOR});`,
        },
        howToCheck: `n_dead_tup of ${table} in pg_stat_user_tables stays below ${SCALE_FACTOR * 100} % of n_live_tup. If it does not fall, a transaction or a replication slot is holding old rows back.`,
      })),
};
