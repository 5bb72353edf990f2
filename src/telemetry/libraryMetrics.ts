import type { MetricDefinition, MetricSource } from './catalogue.js';
import { ATTR_DB_CLIENT_CONNECTION_POOL_NAME, ATTR_DB_CLIENT_CONNECTION_STATE, ATTR_ERROR_TYPE } from './semconv.js';

type Row = readonly [name: string, kind: MetricDefinition['kind'], unit: string, description: string, attributes?: readonly string[]];

const SPACE = ['v8js.heap.space.name'];
const POOL = [ATTR_DB_CLIENT_CONNECTION_POOL_NAME];

/** Waiting and connecting take milliseconds when all is well, and up to the host's time limit when not; a client may be kept for minutes. */
const WAIT_BUCKETS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30];
const USE_BUCKETS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300];

/** Pools of `pg`, which we measure. Names, units and attributes are the conventions'; `error.type` on the wait is our addition. */
export const poolMetrics = {
  count: {
    name: 'db.client.connection.count',
    kind: 'upDownCounter',
    unit: '{connection}',
    description: 'Connections of a pool by state, idle or used.',
    attributes: [...POOL, ATTR_DB_CLIENT_CONNECTION_STATE],
    source: 'handoff-otel',
  },
  pendingRequests: {
    name: 'db.client.connection.pending_requests',
    kind: 'upDownCounter',
    unit: '{request}',
    description: 'Callers that wait for a connection of a pool.',
    attributes: POOL,
    source: 'handoff-otel',
  },
  limit: {
    name: 'db.client.connection.limit',
    kind: 'upDownCounter',
    unit: '{connection}',
    description: 'Connections a pool may open.',
    attributes: POOL,
    source: 'handoff-otel',
  },
  waitTime: {
    name: 'db.client.connection.wait_time',
    kind: 'histogram',
    unit: 's',
    description: 'Time from asking a pool for a connection until it was handed out, or until that failed (`error.type`).',
    buckets: WAIT_BUCKETS_S,
    attributes: [...POOL, ATTR_ERROR_TYPE],
    source: 'handoff-otel',
  },
  createTime: {
    name: 'db.client.connection.create_time',
    kind: 'histogram',
    unit: 's',
    description: 'Time a pool took to open a new connection.',
    buckets: WAIT_BUCKETS_S,
    attributes: POOL,
    source: 'handoff-otel',
  },
  useTime: {
    name: 'db.client.connection.use_time',
    kind: 'histogram',
    unit: 's',
    description: 'Time from the hand-out of a connection until it was given back.',
    buckets: USE_BUCKETS_S,
    attributes: POOL,
    source: 'handoff-otel',
  },
  timeouts: {
    name: 'db.client.connection.timeouts',
    kind: 'counter',
    unit: '{timeout}',
    description: 'Callers that got no connection of a pool within its time limit.',
    attributes: POOL,
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

const RUNTIME: readonly Row[] = [
  ['nodejs.eventloop.utilization', 'gauge', '1', 'Share of time the event loop was busy.'],
  ['nodejs.eventloop.time', 'counter', 's', 'Time the event loop has been in each state.', ['nodejs.eventloop.state']],
  ...['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map(
    (figure): Row => [`nodejs.eventloop.delay.${figure}`, 'gauge', 's', `Delay of the event loop: ${figure}.`],
  ),
  ['v8js.gc.duration', 'histogram', 's', 'Garbage collections by kind.', ['v8js.gc.type']],
  ['v8js.memory.heap.used', 'gauge', 'By', 'Memory in use, by heap space.', SPACE],
  ['v8js.memory.heap.space.size', 'upDownCounter', 'By', 'Memory set aside, by heap space.', SPACE],
  ['v8js.memory.heap.space.available_size', 'gauge', 'By', 'Memory still free, by heap space.', SPACE],
  ['v8js.memory.heap.space.physical_size', 'gauge', 'By', 'Memory committed, by heap space.', SPACE],
  ['v8js.resource.active', 'gauge', '{resource}', 'What keeps the event loop alive, by type.', ['v8js.resource.type']],
];

/** Metrics of the libraries that `instrument()` covers. Those of Node's runtime are made elsewhere and passed on; the words are ours. */
export const libraryMetrics: readonly MetricDefinition[] = [
  ...Object.values(poolMetrics),
  ...definitions(RUNTIME, 'instrumentation-runtime-node'),
];

function definitions(rows: readonly Row[], source: MetricSource): MetricDefinition[] {
  return rows.map(([name, kind, unit, description, attributes = []]) => ({ name, kind, unit, description, attributes, source }));
}
