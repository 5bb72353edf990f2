import type { Rule } from '../rule.js';

const LEAST_CALLS = 20;
const LEAST_MEAN_MS = 500;
const LEAST_SHARE_PERCENT = 5;

export const statementSlow: Rule = {
  code: 'statement_slow',
  title: 'A statement is slow, and takes much of the time of the database',
  severity: 'warning',
  needs: ['statements'],
  when: `a statement with ${LEAST_CALLS} calls or more took ${LEAST_MEAN_MS} ms or more on average, and accounts for ${LEAST_SHARE_PERCENT} % or more of the time of all statements`,
  source: 'performance reports count a statement as slow from 500 ms; the share leaves out statements that are slow but rare',
  find: ({ statements = [] }) =>
    statements
      .filter(
        ({ calls, meanMs, timeSharePercent }) => calls >= LEAST_CALLS && meanMs >= LEAST_MEAN_MS && timeSharePercent >= LEAST_SHARE_PERCENT,
      )
      .toSorted((a, b) => b.timeSharePercent - a.timeSharePercent)
      .map(({ id, calls, meanMs, timeSharePercent, from, to }) => ({
        subject: `queryid ${id}`,
        evidence: [
          { name: 'calls', value: calls, unit: 'calls', from, to },
          { name: 'mean duration', value: meanMs, unit: 'ms', from, to },
          { name: 'share of the time of all statements', value: timeSharePercent, unit: '%', from, to },
        ],
        expectedEffect: `Up to ${Math.round(timeSharePercent)} % of the database's time becomes available for other statements.`,
        change: {
          kind: 'sql',
          text: `SELECT query FROM pg_stat_statements WHERE queryid = ${id}; -- then EXPLAIN (ANALYZE, BUFFERS) of it with typical values: index what the slowest node filters by, or ANALYZE the tables whose estimated rows are off by ten times`,
        },
        howToCheck: `SELECT pg_stat_statements_reset(0, 0, ${id}); an hour later its mean_exec_time is below ${LEAST_MEAN_MS}.`,
      })),
};
