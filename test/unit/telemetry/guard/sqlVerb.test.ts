import { expect, it } from 'vitest';
import { sqlVerb } from '../../../../src/telemetry/guard/sqlVerb.js';

it.each([
  ['SELECT 1', 'SELECT'],
  ['insert\ninto t', 'INSERT'],
  ['  \n\t update t', 'UPDATE'],
  ['(((select 1)))', 'SELECT'],
  ['WITH x AS (SELECT 1) DELETE FROM t', 'WITH'],
  ['COMMIT;', 'COMMIT'],
  ['BEGIN', 'BEGIN'],
  ['selects 1', 'OTHER'],
  ['secret words', 'OTHER'],
  ['', 'OTHER'],
  ['SELECT$1', 'OTHER'],
  ['SELECTSECRETSECRETSECRETSECRET', 'OTHER'],
])('%j is %s', (sql, verb) => {
  expect(sqlVerb(sql)).toBe(verb);
});
