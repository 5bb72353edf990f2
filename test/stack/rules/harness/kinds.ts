import { firesSomehow, silent } from './proof.js';
import type { Situation } from './proof.js';

/**
 * Situations for each kind of error that counts, and for some that do not.
 *
 * @param series the series that counts errors of a kind.
 * @param alerts how many alerts of the name fire.
 */
export function kinds(
  series: (error: string) => string,
  counted: readonly string[],
  others: readonly string[],
  alerts = 1,
): readonly Situation[] {
  return [
    ...counted.map((error) => ({ name: `the error ${error}`, samples: { [series(error)]: '_x9 5x50' }, at: [firesSomehow(12, alerts)] })),
    ...others.map((error) => ({ name: `the error ${error} does not count`, samples: { [series(error)]: '_x9 90x50' }, at: [silent(12)] })),
  ];
}
