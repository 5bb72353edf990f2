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
          'Processes that leave a dependency alone because it failed several times in a row. They ask it every few seconds (half open) and close by themselves; until then calls to the database fail at once, and those to the cache go on without it.',
        unit: 'short',
        width: 12,
        queries: ['open', 'half_open'].map((state) => lineOf(processesWith(state), `${LEGEND} ${state}`)),
        links: [toDatabases, toLogs],
        empty: NO_SERVER,
      }),
      lines({
        title: 'Calls refused by open breakers per second',
        description:
          'What was not sent because a dependency is left alone. Each such call to the database is one of an agent that was told to come back later.',
        unit: 'ops',
        width: 12,
        queries: [lineOf(sum(rate(seriesName(resilienceMetrics.breakerRefusals), scope), BY), LEGEND)],
        links: [toDatabases, toLogs],
        empty: NO_SERVER,
      }),
    ],
  };
}
