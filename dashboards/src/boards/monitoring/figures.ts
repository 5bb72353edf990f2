import { healthMetrics } from '../../../../src/telemetry/catalogue/health.js';
import { resilienceMetrics } from '../../../../src/telemetry/catalogue/resilience.js';
import { ATTR_HANDOFF_CIRCUIT_STATE, ATTR_HANDOFF_COMPONENT_STATE } from '../../../../src/telemetry/semconv.js';
import { differs, equals, selector } from '../../names/selectors.js';
import { seriesName } from '../../names/series.js';
import { toDatabases, toLogs, toMcp } from '../../panels/links.js';
import { figure } from '../../panels/make.js';
import type { RowSpec, StatPanel } from '../../panels/spec.js';
import { noneExpected } from '../../panels/thresholds.js';
import { scope } from '../../panels/variables.js';
import { aggregated, rate, sum } from '../../promql/expressions.js';
import { NO_SERVER, serversIn } from './replica.js';

/** What an operator has to know, in six figures. */
export function figuresRow(): RowSpec {
  const partsIn = (state: string): string =>
    sum(selector(seriesName(healthMetrics.state), [equals(ATTR_HANDOFF_COMPONENT_STATE, state), ...scope]));
  const notClosed = selector(seriesName(resilienceMetrics.breakerState), [differs(ATTR_HANDOFF_CIRCUIT_STATE, 'closed'), ...scope]);
  return {
    title: 'In short',
    panels: [
      {
        ...stat('Healthy servers', 'Processes of which every part is healthy. Compare with how many should run.'),
        ...of(serversIn('healthy')),
      },
      {
        ...stat(
          'Unhealthy servers',
          'They answer no calls. The table below shows which part is the cause: the database, the memory, or the disk of an embedded database.',
        ),
        ...of(serversIn('unhealthy')),
        thresholds: noneExpected,
      },
      {
        ...stat(
          'Parts that are not healthy',
          'Of all processes, including the overall state of each. The table below shows each part with its reason.',
        ),
        ...of(`${partsIn('degraded')} + ${partsIn('unhealthy')}`),
        thresholds: noneExpected,
      },
      {
        ...stat(
          'Features that are off',
          'Features that calls have to do without: the shared cache, the archive or the jobs. Zero is normal.',
        ),
        ...of(aggregated('sum', selector(seriesName(resilienceMetrics.degraded), scope))),
        thresholds: noneExpected,
      },
      {
        ...stat(
          'Breakers that are not closed',
          'Dependencies that processes do not use for a while, because they failed several times in a row.',
        ),
        ...of(aggregated('sum', notClosed)),
        thresholds: noneExpected,
        links: [toDatabases, toLogs],
      },
      {
        ...stat(
          'Calls refused per second',
          'Calls that were refused with the advice to try again later. Zero is normal; more means overload, see Admission of calls.',
        ),
        ...of(sum(rate(seriesName(resilienceMetrics.requestsShed), scope))),
        unit: 'ops',
        thresholds: noneExpected,
        links: [toMcp],
      },
    ],
  };
}

const of = (expr: string): Pick<StatPanel, 'queries'> => ({ queries: [figure(expr)] });

function stat(title: string, description: string): Omit<StatPanel, 'queries'> {
  return { kind: 'stat', width: 4, title, description, unit: 'short', decimals: 0, links: [toLogs], empty: NO_SERVER };
}
