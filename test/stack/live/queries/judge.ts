import type { NamedQuery } from './namedQuery.js';
import type { Sample } from './prometheusApi.js';

/** Shares that may exceed one: how fast a budget is used up, and what is left of it, which may be below zero. */
const BEYOND_A_SHARE = /budget|burn/i;
/** Labels that are absent when all is well: what had no error has no type of error. */
const OF_FAILURES: readonly string[] = ['error_type', 'rpc_response_status_code'];
/** Nothing here lasts longer: durations above are in a wrong unit. */
const LONGEST_S = 3_600;
/** Sessions here are made 30 hours older than they are, and rollups begin with the oldest. */
const OLDEST_S = 2 * 86_400;
const OF_THE_PAST = /rollups are behind/i;

/** What is wrong with what a query returned; undefined when it returned data and all of it is plausible, 'empty' when it returned none. */
export function judge(query: NamedQuery, samples: readonly Sample[]): string | undefined {
  const numbers = samples.filter(({ value }) => !Number.isNaN(value));
  if (numbers.length === 0) return 'empty';
  const missing = query.legendLabels.filter(
    (label) => !OF_FAILURES.includes(label) && !samples.some(({ labels }) => (labels[label] ?? '') !== ''),
  );
  if (missing.length > 0) return `its legend names ${missing.join(' and ')}, which no series has`;
  if (!numbers.some(({ value }) => Number.isFinite(value))) return 'every value is infinite';
  return wrongUnit(
    query,
    numbers.filter(({ value }) => Number.isFinite(value)).map(({ value }) => value),
  );
}

function wrongUnit({ unit = '', title, text }: NamedQuery, values: readonly number[]): string | undefined {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (unit === 'percentunit' && !BEYOND_A_SHARE.test(`${title} ${text}`) && (least < 0 || most > 1.001)) {
    return `a share of ${least} to ${most} is not between 0 and 1`;
  }
  if (unit === 's' && (least < 0 || most > (OF_THE_PAST.test(title) ? OLDEST_S : LONGEST_S)))
    return `${least} to ${most} seconds cannot be`;
  if (unit === 'bytes' && least < 0) return `${least} bytes cannot be`;
  return undefined;
}
