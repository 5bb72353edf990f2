import { resilienceMetrics } from '../../../../src/telemetry/catalogue/resilience.js';
import { ATTR_HANDOFF_CIRCUIT_STATE, ATTR_HANDOFF_DEPENDENCY } from '../../../../src/telemetry/semconv.js';
import { equals, selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { rate, sum } from '../../promql/expressions.js';
import { NO_SERVER } from './replica.js';

const BY = [ATTR_HANDOFF_DEPENDENCY];
const LEGEND = `{{${labelName(ATTR_HANDOFF_DEPENDENCY)}}}`;

/** Which dependencies are left alone, and what that costs. */
export function breakersRow(): RowSpec {
  const processesWith = (state: string): string =>
    sum(selector(seriesName(resilienceMetrics.breakerState), [equals(ATTR_HANDOFF_CIRCUIT_STATE, state), ...scope]), BY);
  return {
    title: 'Circuit breakers',
    panels: [
      lines({
        title: 'Breakers that are not closed, by dependency',
        description:
          'Processes that do not use a dependency because it failed several times in a row. Every few seconds the breaker tries it again (half open), and closes when it answers. Until then, calls that need the database fail at once, and calls continue without the cache.',
        unit: 'short',
        width: 12,
        queries: ['open', 'half_open'].map((state) => lineOf(processesWith(state), `${LEGEND} ${state}`)),
        links: [toDatabases, toLogs],
        empty: NO_SERVER,
      }),
      lines({
        title: 'Calls refused by open breakers per second',
        description:
          'Requests to a dependency that were not sent because its breaker is open. Each refused request to the database is a call of an agent that was told to try again later.',
        unit: 'ops',
        width: 12,
        queries: [lineOf(sum(rate(seriesName(resilienceMetrics.breakerRefusals), scope), BY), LEGEND)],
        links: [toDatabases, toLogs],
        empty: NO_SERVER,
      }),
    ],
  };
}
