import { objectives } from '../../../../src/telemetry/catalogue/objectives.js';
import { operationMetrics } from '../../../../src/telemetry/catalogue/operations.js';
import { sessionMetrics, sessionOperations } from '../../../../src/telemetry/catalogue/sessions.js';
import type { OperationDefinition } from '../../../../src/telemetry/catalogue/definitions.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_OPERATION_NAME } from '../../../../src/telemetry/semconv.js';
import { equals } from '../../names/selectors.js';
import { countSeries, sumSeries } from '../../names/series.js';
import { linkTo, toLogs, toServiceLevels } from '../../panels/links.js';
import { figure } from '../../panels/make.js';
import type { RowSpec, StatPanel } from '../../panels/spec.js';
import { goodShareSteps } from '../../panels/thresholds.js';
import { scope } from '../../panels/variables.js';
import { boards } from '../../boardList.js';
import { increase, orZero, sum } from '../../promql/expressions.js';
import { badShare } from '../../promql/objectives.js';

/** What agents did in the time range of the board. */
export function figuresRow(): RowSpec {
  const { register, append, handoff } = sessionOperations;
  const bytes = orZero(sum(increase(sumSeries(sessionMetrics.contextSize), scope, '$__range')));
  return {
    title: 'In this time range',
    panels: [
      done('Sessions opened', 'Sessions that agents registered.', register),
      done('Context entries', 'Entries that were added to sessions.', append),
      {
        kind: 'stat',
        width: 4,
        title: 'Context stored',
        description: 'Content of the entries that were added. Sizes are further down: a sudden rise is usually a few large files.',
        unit: 'bytes',
        queries: [figure(bytes)],
        links: [linkTo(boards.databases)],
        empty: 'None',
      },
      done('Handoffs', 'Sessions that were handed to another agent.', handoff),
      success(),
    ],
  };
}

function done(title: string, what: string, operation: OperationDefinition): StatPanel {
  const good = [equals(ATTR_HANDOFF_OPERATION_NAME, operation.name), equals(ATTR_ERROR_TYPE, ''), ...scope];
  return {
    kind: 'stat',
    width: 4,
    title,
    description: `${what} Only successful ones are counted; the panels on outcomes further down show the others.`,
    unit: 'short',
    decimals: 0,
    queries: [figure(orZero(sum(increase(countSeries(operationMetrics.duration), good, '$__range'))))],
    links: [toLogs],
    empty: 'None',
  };
}

function success(): StatPanel {
  const objective = objectives.handoffSuccess;
  return {
    kind: 'stat',
    width: 8,
    title: objective.title,
    description: `${objective.description} The objective is ${Number((objective.target * 100).toPrecision(6))} %.`,
    unit: 'percentunit',
    decimals: 3,
    queries: [figure(`1 - (${badShare(objective, scope, '$__range')})`)],
    thresholds: goodShareSteps(objective),
    links: [toServiceLevels],
    empty: 'No handoffs',
  };
}
