import {
  ATTR_DB_CLIENT_CONNECTION_POOL_NAME,
  ATTR_DB_CLIENT_CONNECTION_STATE,
  ATTR_DB_NAMESPACE,
  ATTR_DB_OPERATION_NAME,
  ATTR_DB_SYSTEM_NAME,
  ATTR_ERROR_TYPE,
} from '../semconv.js';
import type { MetricAttribute, MetricDefinition } from './definitions.js';

/** Buckets that the database conventions require, in seconds. */
const OPERATION_BUCKETS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] as const;
/** Waiting and connecting take milliseconds when all is well, up to the host's time limit when not; a client may be held for minutes. */
const WAIT_BUCKETS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30] as const;
const USE_BUCKETS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300] as const;

const POOL: MetricAttribute = {
  key: ATTR_DB_CLIENT_CONNECTION_POOL_NAME,
  values: 'The databases that the process connects to, the first 500; later ones, and anything that cannot be a name, are `_OTHER`.',
};
const PG_ERRORS = 'an SQLSTATE, an errno name, a word for what the driver reports, or the class of the error';

/** Statements of pg, commands of ioredis, and the pools of pg. Names, units and buckets are those of the conventions. */
export const databaseMetrics = {
  operationDuration: {
    name: 'db.client.operation.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of a statement sent to PostgreSQL or a command sent to Redis.',
    buckets: OPERATION_BUCKETS_S,
    attributes: [
      { key: ATTR_DB_SYSTEM_NAME, values: ['postgresql', 'redis'] },
      {
        key: ATTR_DB_NAMESPACE,
        values:
          'The databases that the process connects to, by name, the first 500, or by number for Redis; later ones, and anything that cannot be a name, are `_OTHER`.',
      },
      { key: ATTR_DB_OPERATION_NAME, values: 'The commands of PostgreSQL, and of Redis and its modules; any other is `OTHER`.' },
      {
        key: ATTR_ERROR_TYPE,
        values: `Either ${PG_ERRORS}, or the first word of an error reply from Redis; anything else is \`_OTHER\`.`,
      },
    ],
    source: 'handoff-otel',
  },
  connectionCount: {
    name: 'db.client.connection.count',
    kind: 'upDownCounter',
    unit: '{connection}',
    description: 'Connections of a pool, by state.',
    attributes: [POOL, { key: ATTR_DB_CLIENT_CONNECTION_STATE, values: ['idle', 'used'] }],
    source: 'handoff-otel',
  },
  connectionPendingRequests: {
    name: 'db.client.connection.pending_requests',
    kind: 'upDownCounter',
    unit: '{request}',
    description: 'Callers that wait for a connection from a pool.',
    attributes: [POOL],
    source: 'handoff-otel',
  },
  connectionLimit: {
    name: 'db.client.connection.limit',
    kind: 'upDownCounter',
    unit: '{connection}',
    description: 'Maximum number of connections that a pool may open.',
    attributes: [POOL],
    source: 'handoff-otel',
  },
  connectionWaitTime: {
    name: 'db.client.connection.wait_time',
    kind: 'histogram',
    unit: 's',
    description:
      'Time from requesting a connection from a pool until it was handed out, or until that failed (`error.type`, our addition).',
    buckets: WAIT_BUCKETS_S,
    attributes: [POOL, { key: ATTR_ERROR_TYPE, values: `Either ${PG_ERRORS}; anything else is \`_OTHER\`.` }],
    source: 'handoff-otel',
  },
  connectionCreateTime: {
    name: 'db.client.connection.create_time',
    kind: 'histogram',
    unit: 's',
    description: 'Time that a pool took to open a new connection.',
    buckets: WAIT_BUCKETS_S,
    attributes: [POOL],
    source: 'handoff-otel',
  },
  connectionUseTime: {
    name: 'db.client.connection.use_time',
    kind: 'histogram',
    unit: 's',
    description: 'Time from the hand-out of a connection until its return to the pool.',
    buckets: USE_BUCKETS_S,
    attributes: [POOL],
    source: 'handoff-otel',
  },
  connectionTimeouts: {
    name: 'db.client.connection.timeouts',
    kind: 'counter',
    unit: '{timeout}',
    description: 'Callers that got no connection from a pool within its time limit.',
    attributes: [POOL],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;
