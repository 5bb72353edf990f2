import { resilienceMetrics } from '../../../../src/telemetry/catalogue/resilience.js';
import { ATTR_HANDOFF_CIRCUIT_STATE, ATTR_HANDOFF_DEPENDENCY } from '../../../../src/telemetry/semconv.js';
import { differs, selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import { toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { aggregated } from '../../promql/expressions.js';

const NO_SERVER = 'No handoff server has reported';

/** How a handoff server protects itself and what it depends on. */
export function protectionRow(): RowSpec {
  const notClosed = selector(seriesName(resilienceMetrics.breakerState), [differs(ATTR_HANDOFF_CIRCUIT_STATE, 'closed'), ...scope]);
  return {
    title: 'Protection of a handoff server',
    panels: [
      lines({
        title: 'Circuit breakers that are not closed',
        description:
          'Processes that leave a dependency alone because it failed several times in a row. They ask it every few seconds and close by themselves; until then calls to the database fail at once, and those to the cache go on without it.',
        unit: 'short',
        queries: [lineOf(aggregated('sum', notClosed, [ATTR_HANDOFF_DEPENDENCY]), `{{${labelName(ATTR_HANDOFF_DEPENDENCY)}}}`)],
        links: [toLogs],
        empty: NO_SERVER,
      }),
    ],
  };
}
