import { resilienceMetrics } from '../../../../src/telemetry/catalogue/resilience.js';
import { ATTR_HANDOFF_ADMISSION_STATE, ATTR_HANDOFF_SHED_REASON } from '../../../../src/telemetry/semconv.js';
import { equals, selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import { toLogs, toMcp, toRuntime } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { aggregated, rate, sum } from '../../promql/expressions.js';
import { NO_SERVER } from './replica.js';

/** How many calls the servers let in, and what they refuse. */
export function admissionRow(): RowSpec {
  const { admissionCalls, admissionFloor, admissionLimit, requestsShed } = resilienceMetrics;
  const callsIn = (state: string): string =>
    aggregated('sum', selector(seriesName(admissionCalls), [equals(ATTR_HANDOFF_ADMISSION_STATE, state), ...scope]));
  return {
    title: 'Admission of calls',
    panels: [
      lines({
        title: 'Calls that run, against the limit',
        description:
          'The limit follows the latency: it falls when calls become slower, and rises as long as they do not. If it stays at its lowest value, the server can hardly finish anything in time: find out what its calls wait for.',
        unit: 'short',
        queries: [
          lineOf(aggregated('sum', selector(seriesName(admissionLimit), scope)), 'limit'),
          lineOf(aggregated('sum', selector(seriesName(admissionFloor), scope)), 'floor of the limit'),
          lineOf(callsIn('running'), 'running'),
        ],
        links: [toMcp, toRuntime],
        empty: NO_SERVER,
      }),
      lines({
        title: 'Calls that wait for their turn',
        description:
          'A moment of waiting is normal at a peak. If calls wait all the time, the load is more than the process can handle: add replicas.',
        unit: 'short',
        queries: [lineOf(callsIn('waiting'), 'waiting')],
        links: [toMcp],
        empty: NO_SERVER,
      }),
      lines({
        title: 'Calls refused per second, by reason',
        description:
          'Calls that were refused with the advice to try again later. queue_full: too many calls are waiting. queue_timeout: a call waited too long for its turn. bulkhead_full: too many statements at a time; such a call may already have changed something.',
        unit: 'ops',
        queries: [
          lineOf(sum(rate(seriesName(requestsShed), scope), [ATTR_HANDOFF_SHED_REASON]), `{{${labelName(ATTR_HANDOFF_SHED_REASON)}}}`),
        ],
        links: [toMcp, toLogs],
        empty: NO_SERVER,
      }),
    ],
  };
}
