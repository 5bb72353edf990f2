import { healthMetrics } from '../../../../src/telemetry/catalogue/health.js';
import { measurementMetrics } from '../../../../src/telemetry/catalogue/measurements.js';
import { ATTR_HANDOFF_COMPONENT_NAME, ATTR_HANDOFF_COMPONENT_STATE } from '../../../../src/telemetry/semconv.js';
import { equals, selector } from '../../names/selectors.js';
import { labelName, seriesName } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { quantile, rate, sum } from '../../promql/expressions.js';

const COMPONENT = [ATTR_HANDOFF_COMPONENT_NAME];
const LEGEND = `{{${labelName(ATTR_HANDOFF_COMPONENT_NAME)}}}`;
const common = { links: [toLogs, toDatabases], empty: 'No server has looked yet' } as const;

/** What the servers say about their own parts. */
export function healthRow(): RowSpec {
  const processesWith = (state: string): string =>
    sum(selector(seriesName(healthMetrics.state), [equals(ATTR_HANDOFF_COMPONENT_STATE, state), ...scope]), COMPONENT);
  return {
    title: 'Health of the parts',
    panels: [
      lines({
        ...common,
        title: 'Servers that are unhealthy, by part',
        description:
          'Zero is normal. overall is above zero when the database or the memory is: such a server answers no calls. The log has a record handoff.health.changed with what to do.',
        unit: 'short',
        queries: [lineOf(processesWith('unhealthy'), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Servers that are degraded, by part',
        description: 'They answer calls, but something is missing, late or about to run out. The record in the log says what to do.',
        unit: 'short',
        queries: [lineOf(processesWith('degraded'), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Duration of the checks p95, by part',
        description: 'Every half minute, or every five seconds where something is wrong. At two seconds a check is given up.',
        unit: 's',
        queries: [lineOf(quantile(0.95, healthMetrics.checkDuration, scope, COMPONENT), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Rows of measurements dropped per second',
        description:
          'Of performance_logs and system_metrics. They wait for an hour while the database is away; what is dropped is missing from statistics, and from nothing else.',
        unit: 'ops',
        width: 24,
        queries: [lineOf(sum(rate(seriesName(measurementMetrics.dropped), scope)), 'dropped')],
        empty: 'None was dropped',
      }),
    ],
  };
}
