import { resilienceMetrics } from '../../../../src/telemetry/catalogue/resilience.js';
import {
  ATTR_HANDOFF_ADMISSION_STATE,
  ATTR_HANDOFF_CIRCUIT_STATE,
  ATTR_HANDOFF_DEPENDENCY,
  ATTR_HANDOFF_FEATURE,
  ATTR_HANDOFF_SHED_REASON,
} from '../../../../src/telemetry/semconv.js';
import { differs, selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import { toLogs, toMcp } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { aggregated, rate, sum } from '../../promql/expressions.js';

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
      lines({
        title: 'Features that are off, by feature',
        description:
          'Processes that work without one of their features: the shared cache, the archive or the jobs. The record handoff.feature.degraded says why.',
        unit: 'short',
        queries: [
          lineOf(
            aggregated('sum', selector(seriesName(resilienceMetrics.degraded), scope), [ATTR_HANDOFF_FEATURE]),
            `{{${labelName(ATTR_HANDOFF_FEATURE)}}}`,
          ),
        ],
        links: [toLogs],
        empty: NO_SERVER,
      }),
      lines({
        title: 'Calls that run and wait, against the limit',
        description:
          'The limit follows the latency: it falls when calls get slower and rises while they do not. Calls that wait for long mean more load than the process can take.',
        unit: 'short',
        queries: [
          lineOf(aggregated('sum', selector(seriesName(resilienceMetrics.admissionLimit), scope)), 'limit'),
          lineOf(
            aggregated('sum', selector(seriesName(resilienceMetrics.admissionCalls), scope), [ATTR_HANDOFF_ADMISSION_STATE]),
            `{{${labelName(ATTR_HANDOFF_ADMISSION_STATE)}}}`,
          ),
        ],
        links: [toMcp],
        empty: NO_SERVER,
      }),
      lines({
        title: 'Calls refused per second, by reason',
        description:
          'Calls that were told to come back later, before any work was done for them. queue_full: too many wait. queue_timeout: it was not their turn in time. bulkhead_full: too many statements at a time.',
        unit: 'ops',
        queries: [
          lineOf(
            sum(rate(seriesName(resilienceMetrics.requestsShed), scope), [ATTR_HANDOFF_SHED_REASON]),
            `{{${labelName(ATTR_HANDOFF_SHED_REASON)}}}`,
          ),
        ],
        links: [toMcp, toLogs],
        empty: NO_SERVER,
      }),
    ],
  };
}
