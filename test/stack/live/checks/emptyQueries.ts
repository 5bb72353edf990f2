import type { QueryWatch } from '../queries/queryWatch.js';
import { filledBy, neverFilled, onlyPushed, sometimesEmpty } from './emptyWhileHealthy.js';

/**
 * While all is well, the queries that return nothing are those of the lists and no others, so that the lists stay true.
 *
 * @throws Error that names what differs.
 */
export function compareEmpty(watch: QueryWatch): string[] {
  const expected = new Set([...Object.keys(filledBy), ...Object.keys(neverFilled)].filter((key) => !sometimesEmpty.includes(key)));
  const found = new Set(watch.empty.filter((key) => !sometimesEmpty.includes(key)));
  const problems = [
    ...watch.wrong,
    ...[...found].filter((key) => !expected.has(key)).map((key) => `${key}: returns nothing while all is well`),
    ...[...expected].filter((key) => !found.has(key)).map((key) => `${key}: returns data; take it out of emptyWhileHealthy.ts`),
  ];
  if (problems.length > 0) throw new Error(`Queries do not return what they should:\n${problems.join('\n')}`);
  return [`${expected.size} queries return nothing while all is well, as listed; all others return data`];
}

/** The queries that a fault has to fill. */
export const queriesFilledBy = (fault: string): string[] => Object.keys(filledBy).filter((key) => filledBy[key] === fault);

/** What has not returned data in the end, although it should have, and the reverse, when the faults of these names were caused. */
export function unansweredAfter(watch: QueryWatch, faults: readonly string[]): string[] {
  const notAsked = Object.keys(filledBy).filter((key) => !faults.includes(filledBy[key] ?? ''));
  const never = Object.keys(neverFilled);
  const stillEmpty = watch.empty;
  return [
    ...watch.open(onlyPushed, (key) => !notAsked.includes(key) && !never.includes(key)),
    ...never
      .filter((key) => !stillEmpty.includes(key))
      .map((key) => `${key}: has returned data in both; take it out of neverFilled in emptyWhileHealthy.ts`),
  ];
}
