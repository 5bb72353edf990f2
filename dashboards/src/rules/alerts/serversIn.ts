import { healthMetrics } from '../../../../src/telemetry/catalogue/health.js';
import type { HealthState } from '../../../../src/telemetry/catalogue/health.js';
import { ATTR_HANDOFF_COMPONENT_STATE } from '../../../../src/telemetry/semconv.js';
import { equals, selector } from '../../names/selectors.js';
import type { Matcher } from '../../names/selectors.js';
import { seriesName } from '../../names/series.js';
import { MINUTE_S } from '../times.js';
import type { Times } from '../times.js';

const NOW_S = 5 * MINUTE_S;

/** Returns the query of how many processes say that the part is in the state; it returns nothing where none does. */
export function serversIn(state: HealthState, component: Matcher, by: string, times: Times): string {
  const series = selector(seriesName(healthMetrics.state), [component, equals(ATTR_HANDOFF_COMPONENT_STATE, state)]);
  return `sum by (${by}) (last_over_time(${series}[${times(NOW_S)}])) > 0`;
}
