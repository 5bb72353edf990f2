import { databaseMetrics } from '../../../../src/telemetry/catalogue/database.js';
import {
  ATTR_DB_CLIENT_CONNECTION_POOL_NAME,
  ATTR_DB_CLIENT_CONNECTION_STATE,
  ATTR_ERROR_TYPE,
} from '../../../../src/telemetry/semconv.js';
import { differs, selector } from '../../names/selectors.js';
import { countSeries, labelName, seriesName } from '../../names/series.js';
import { toLogs, toMcp } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { orZero, quantile, rate, sum } from '../../promql/expressions.js';

const POOL = [ATTR_DB_CLIENT_CONNECTION_POOL_NAME];
const NAME = `{{${labelName(ATTR_DB_CLIENT_CONNECTION_POOL_NAME)}}}`;
const common = { links: [toMcp, toLogs], empty: 'No pool' } as const;

/** Pools of pg, of all instances together: their connections add up at the database. */
export function poolsRow(): RowSpec {
  return { title: 'Connection pools', panels: [...held(), ...times()] };
}

function held(): RowSpec['panels'] {
  const { connectionCount, connectionLimit, connectionPendingRequests, connectionTimeouts, connectionWaitTime } = databaseMetrics;
  const connections = sum(selector(seriesName(connectionCount), scope), [...POOL, ATTR_DB_CLIENT_CONNECTION_STATE]);
  return [
    lines({
      ...common,
      title: 'Connections, by state',
      description:
        'All instances together, with the limit of their pools. If used reaches the limit, calls have to wait. If the limit is above what PostgreSQL accepts, connections fail, but only under load.',
      unit: 'short',
      queries: [
        lineOf(connections, `${NAME} {{${labelName(ATTR_DB_CLIENT_CONNECTION_STATE)}}}`),
        lineOf(sum(selector(seriesName(connectionLimit), scope), POOL), `${NAME} limit`),
      ],
    }),
    lines({
      ...common,
      title: 'Callers waiting for a connection',
      description:
        'It should return to zero. If it does not, something holds connections for too long: compare with the time for which they are held.',
      unit: 'short',
      queries: [lineOf(sum(selector(seriesName(connectionPendingRequests), scope), POOL), NAME)],
    }),
    lines({
      ...common,
      title: 'Callers that got no connection, per second',
      description: 'They waited longer than the time limit of the pool, or could not connect. Each is a failed call.',
      unit: 'ops',
      queries: [
        lineOf(orZero(sum(rate(seriesName(connectionTimeouts), scope))), 'gave up waiting'),
        lineOf(orZero(sum(rate(countSeries(connectionWaitTime), [differs(ATTR_ERROR_TYPE, ''), ...scope]))), 'failed, for any reason'),
      ],
    }),
  ];
}

function times(): RowSpec['panels'] {
  const { connectionWaitTime, connectionCreateTime, connectionUseTime } = databaseMetrics;
  const panel = (
    title: string,
    description: string,
    metric: typeof connectionWaitTime | typeof connectionUseTime | typeof connectionCreateTime,
  ): RowSpec['panels'][number] =>
    lines({
      ...common,
      title,
      description,
      unit: 's',
      queries: [0.5, 0.95].map((q) => lineOf(quantile(q, metric, scope, POOL), `${NAME} p${q * 100}`)),
      empty: 'No connection was asked for',
    });
  return [
    panel('Waiting for a connection', 'Milliseconds are normal. Every call takes longer by this time.', connectionWaitTime),
    panel(
      'Opening a connection',
      'Growth points to the network, to TLS, or to a PostgreSQL that is short of processes.',
      connectionCreateTime,
    ),
    panel(
      'Holding a connection',
      'The time from taking a connection from the pool to returning it. A long p95 means transactions that wait for something else.',
      connectionUseTime,
    ),
  ];
}
