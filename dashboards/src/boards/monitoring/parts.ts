import { healthMetrics } from '../../../../src/telemetry/catalogue/health.js';
import {
  ATTR_HANDOFF_COMPONENT_NAME,
  ATTR_HANDOFF_COMPONENT_STATE,
  ATTR_HANDOFF_COMPONENT_REASON,
} from '../../../../src/telemetry/semconv.js';
import { equals, selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import { toDatabases, toLogs } from '../../panels/links.js';
import { column, lineOf, lines } from '../../panels/make.js';
import type { RowSpec, TablePanel } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { aggregated, quantile, rate, sum } from '../../promql/expressions.js';
import { NO_SERVER, REPLICA, illParts, lasting } from './replica.js';

const COMPONENT = [ATTR_HANDOFF_COMPONENT_NAME];
const LEGEND = `{{${labelName(ATTR_HANDOFF_COMPONENT_NAME)}}}`;
const common = { links: [toLogs, toDatabases], empty: NO_SERVER } as const;

/** What the servers say about their own parts. */
export function partsRow(): RowSpec {
  const processesWith = (state: string): string =>
    sum(selector(seriesName(healthMetrics.state), [equals(ATTR_HANDOFF_COMPONENT_STATE, state), ...scope]), COMPONENT);
  return {
    title: 'Health of the parts',
    panels: [
      illPartsTable(),
      lines({
        ...common,
        title: 'Servers that are unhealthy, by part',
        description:
          'Zero is normal. overall is above zero if the database or the memory is; such a server answers no calls. The log has a record handoff.health.changed with what to do.',
        unit: 'short',
        width: 6,
        queries: [lineOf(processesWith('unhealthy'), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Servers that are degraded, by part',
        description: 'They answer calls, but something is missing, late or about to run out. The record in the log says what to do.',
        unit: 'short',
        width: 6,
        queries: [lineOf(processesWith('degraded'), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Checks per second, by part',
        description:
          'Every half minute, or every five seconds where something is wrong. If a server has stopped checking, what it reports about its health is out of date.',
        unit: 'ops',
        width: 6,
        queries: [lineOf(sum(rate(countSeries(healthMetrics.checkDuration), scope), COMPONENT), LEGEND)],
      }),
      lines({
        ...common,
        title: 'Duration of the checks p95, by part',
        description: 'Milliseconds are normal. After two seconds a check is abandoned, and its part counts as timed out.',
        unit: 's',
        width: 6,
        queries: [lineOf(quantile(0.95, healthMetrics.checkDuration, scope, COMPONENT), LEGEND)],
      }),
    ],
  };
}

function illPartsTable(): TablePanel {
  const part = [...REPLICA, ...COMPONENT];
  const since = aggregated('max', selector(seriesName(healthMetrics.since), scope), part);
  const reasons = selector(seriesName(healthMetrics.reason), scope);
  return {
    kind: 'table',
    width: 24,
    title: 'Parts that are not healthy, by server',
    description:
      'Each part with its reason, and for how long it has been in this state. The reasons are explained in docs/monitoring.md; the record handoff.health.changed of the log says what to do.',
    unit: 'short',
    queries: [
      column(illParts([...part, ATTR_HANDOFF_COMPONENT_STATE])),
      column(`${aggregated('max', reasons, [...part, ATTR_HANDOFF_COMPONENT_REASON])} == 1`),
      column(lasting(since, part, illParts(part))),
    ],
    hidden: ['Value #A', 'Value #B'],
    headings: {
      job: 'Service',
      instance: 'Instance',
      [labelName(ATTR_HANDOFF_COMPONENT_NAME)]: 'Part',
      [labelName(ATTR_HANDOFF_COMPONENT_STATE)]: 'State',
      [labelName(ATTR_HANDOFF_COMPONENT_REASON)]: 'Reason',
      'Value #C': 'For',
    },
    units: { For: 's' },
    links: [toLogs, toDatabases],
    empty: 'Every part is healthy',
  };
}
