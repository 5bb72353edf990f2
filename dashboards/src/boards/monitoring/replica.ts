import type { Matcher } from '../../names/selectors.js';
import { equals, differs, selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import { aggregated } from '../../promql/expressions.js';
import { scope } from '../../panels/variables.js';
import { healthMetrics } from '../../../../src/telemetry/catalogue/health.js';
import { ATTR_HANDOFF_COMPONENT_NAME, ATTR_HANDOFF_COMPONENT_STATE } from '../../../../src/telemetry/semconv.js';

/** What tells one process from another. */
export const REPLICA = ['job', 'instance'] as const;

/** What the panels of this board say when nobody reports. */
export const NO_SERVER = 'No handoff server has reported';

/** The states of parts that somebody has to look at: 1 for each part of each process that is in one of them. */
export function illParts(by: readonly string[], matchers: readonly Matcher[] = []): string {
  const notHealthy = differs(ATTR_HANDOFF_COMPONENT_STATE, 'healthy');
  return `${aggregated('max', selector(seriesName(healthMetrics.state), [notHealthy, ...matchers, ...scope]), by)} == 1`;
}

/** How long something has lasted that began at the time in a gauge, where `while_` holds for the same labels. */
export function lasting(since: string, by: readonly string[], while_: string): string {
  return `(time() - ${since}) and on (${by.map(labelName).join(', ')}) (${while_})`;
}

/** Processes whose health as a whole is in this state. */
export function serversIn(state: string): string {
  const matchers = [equals(ATTR_HANDOFF_COMPONENT_NAME, 'overall'), equals(ATTR_HANDOFF_COMPONENT_STATE, state), ...scope];
  return aggregated('sum', selector(seriesName(healthMetrics.state), matchers));
}
