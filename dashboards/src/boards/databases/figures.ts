import { databaseMetrics } from '../../../../src/telemetry/catalogue/database.js';
import { ATTR_DB_CLIENT_CONNECTION_STATE, ATTR_DB_SYSTEM_NAME, ATTR_ERROR_TYPE } from '../../../../src/telemetry/semconv.js';
import { differs, equals, selector } from '../../names/selectors.js';
import { countSeries, seriesName } from '../../names/series.js';
import { toLogs, toMcp } from '../../panels/links.js';
import { figure } from '../../panels/make.js';
import type { RowSpec, StatPanel } from '../../panels/spec.js';
import { fromOn, noneExpected } from '../../panels/thresholds.js';
import { scope } from '../../panels/variables.js';
import { increase, orZero, quantile, rate, share, sum } from '../../promql/expressions.js';

const { operationDuration, connectionCount, connectionLimit, connectionPendingRequests, connectionTimeouts } = databaseMetrics;

export function figuresRow(): RowSpec {
  return {
    title: 'Is a database the cause?',
    panels: [duration('postgresql', 'PostgreSQL', 0.5), duration('redis', 'Redis', 0.1), errors(), poolInUse(), waiting(), timeouts()],
  };
}

function duration(system: string, name: string, slowS: number): StatPanel {
  return {
    kind: 'stat',
    width: 4,
    title: `${name}, p95`,
    description: `95 % of what was sent to ${name} took no longer. Red from ${slowS} s on: find the operation in the panels further down, then look at its traces.`,
    unit: 's',
    queries: [figure(quantile(0.95, operationDuration, [equals(ATTR_DB_SYSTEM_NAME, system), ...scope]))],
    thresholds: fromOn(slowS),
    links: [toLogs],
    empty: `Nothing was sent to ${name}`,
  };
}

function errors(): StatPanel {
  return {
    kind: 'stat',
    width: 4,
    title: 'Errors per second',
    description:
      'Statements and commands that failed. Zero is normal; the types further down say whether it is the database or the statement.',
    unit: 'ops',
    queries: [figure(orZero(sum(rate(countSeries(operationDuration), [differs(ATTR_ERROR_TYPE, ''), ...scope]))))],
    thresholds: noneExpected,
    links: [toLogs],
    empty: 'No errors',
  };
}

function poolInUse(): StatPanel {
  const used = sum(selector(seriesName(connectionCount), [equals(ATTR_DB_CLIENT_CONNECTION_STATE, 'used'), ...scope]));
  return {
    kind: 'stat',
    width: 4,
    title: 'Pool in use',
    description:
      'Connections in use, of those that the pools may open. Red from 90 % on: the next calls have to wait. Look for slow statements before you raise the limit.',
    unit: 'percentunit',
    queries: [figure(share(used, sum(selector(seriesName(connectionLimit), scope))))],
    thresholds: fromOn(0.9),
    links: [toMcp],
    empty: 'No pool',
  };
}

function waiting(): StatPanel {
  return {
    kind: 'stat',
    width: 4,
    title: 'Waiting for a connection',
    description:
      'Callers that are waiting at the moment. One now and then is normal; a permanent queue means that connections are held too long.',
    unit: 'short',
    queries: [figure(sum(selector(seriesName(connectionPendingRequests), scope)))],
    thresholds: fromOn(5),
    links: [toMcp],
    empty: 'No pool',
  };
}

function timeouts(): StatPanel {
  return {
    kind: 'stat',
    width: 4,
    title: 'Callers that got no connection',
    description:
      'Callers in the time range of the board that got no connection within the time limit, so that their call failed. Zero is normal.',
    unit: 'short',
    decimals: 0,
    queries: [figure(orZero(sum(increase(seriesName(connectionTimeouts), scope, '$__range'))))],
    thresholds: noneExpected,
    links: [toLogs],
    empty: 'None',
  };
}
