import { selector } from '../../names/selectors.js';
import type { AlertCondition } from '../alert.js';
import { increasedBy } from '../increased.js';
import { MINUTE_S } from '../times.js';
import type { Times } from '../times.js';

/** Long enough that one notification tells of all that a short disturbance cost. */
const WINDOW_S = 10 * MINUTE_S;

/**
 * Returns the condition that a counter counted anything in ten minutes: of losses, one is too much. The counters of failures appear
 * with the first failure, so this counts series that appear.
 *
 * @param by labels that the alert keeps, besides the process.
 * @param labels labels that the alert gets.
 */
export function any(series: string, by: readonly string[], times: Times, labels?: Readonly<Record<string, string>>): AlertCondition {
  const expr = `${increasedBy(['job', 'instance', ...by], selector(series), WINDOW_S, times)} > 0`;
  return labels === undefined ? { expr } : { expr, labels };
}
