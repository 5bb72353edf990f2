import type { QueryWatch } from '../queries/queryWatch.js';
import { emptyWhileHealthy, sometimesEmpty } from './emptyWhileHealthy.js';

/**
 * While all is well, the queries that return nothing are those of the list and no others, so that the list stays true.
 *
 * @throws Error that names what differs.
 */
export function compareEmpty(watch: QueryWatch): string[] {
  const expected = new Set(emptyWhileHealthy);
  const found = new Set(watch.empty.filter((key) => !sometimesEmpty.includes(key)));
  const problems = [
    ...watch.wrong,
    ...[...found].filter((key) => !expected.has(key)).map((key) => `${key}: returns nothing while all is well`),
    ...[...expected].filter((key) => !found.has(key)).map((key) => `${key}: returns data; take it out of emptyWhileHealthy.ts`),
  ];
  if (problems.length > 0) throw new Error(`Queries do not return what they should:\n${problems.join('\n')}`);
  return [`${expected.size} queries wait for a fault, all others return data`];
}
