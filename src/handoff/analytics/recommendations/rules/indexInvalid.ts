import type { Rule } from '../rule.js';

/** What an interrupted REINDEX CONCURRENTLY leaves beside the index that it was to replace. */
const LEFT_OVER = /_cc(?:new|old)\d*"?$/u;

export const indexInvalid: Rule = {
  code: 'index_invalid',
  title: 'An index is invalid: it is written, and never used',
  severity: 'warning',
  needs: ['indexes'],
  when: 'an index is marked invalid and nobody is building it',
  source: 'PostgreSQL: CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY leave such an index when they fail',
  find: ({ indexes = [] }) =>
    indexes.map(({ index, table, tableRows, indexBytes, at }) => {
      const figure = (name: string, value: number, unit: string) => ({ name, value, unit, from: at, to: at });
      const isLeftOver = LEFT_OVER.test(index);
      return {
        subject: index,
        evidence: [figure(`rows of ${table}`, tableRows, 'rows'), figure('size of the index', indexBytes, 'bytes')],
        expectedEffect: isLeftOver
          ? 'Writes need not keep it up to date any more, and its space is free.'
          : 'Statements can use it. If it is unique and REINDEX fails, there are duplicates to remove first.',
        change: { kind: 'sql', text: `${isLeftOver ? 'DROP' : 'REINDEX'} INDEX CONCURRENTLY ${index};` },
        howToCheck: `SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('${index.replaceAll("'", "''")}') gives true, or no row where it was dropped.`,
      };
    }),
};
