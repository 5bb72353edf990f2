import type { MetricDefinition, MetricSource } from './catalogue.js';

type Row = readonly [name: string, kind: MetricDefinition['kind'], unit: string, description: string, attributes?: readonly string[]];

const POOL = ['db.client.connection.pool.name'];
const SPACE = ['v8js.heap.space.name'];

const PG: readonly Row[] = [
  ['db.client.connection.count', 'upDownCounter', '{connection}', 'Connections of a pool by state, idle or used.', [...POOL, 'db.client.connection.state']],
  ['db.client.connection.pending_requests', 'upDownCounter', '{connection}', 'Callers that wait for a connection of a pool.', POOL],
  ['db.client.connection.max', 'upDownCounter', '{connection}', 'Connections a pool may open.', POOL],
];

const RUNTIME: readonly Row[] = [
  ['nodejs.eventloop.utilization', 'gauge', '1', 'Share of time the event loop was busy.'],
  ['nodejs.eventloop.time', 'counter', 's', 'Time the event loop has been in each state.', ['nodejs.eventloop.state']],
  ...['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'].map((figure): Row => [`nodejs.eventloop.delay.${figure}`, 'gauge', 's', `Delay of the event loop: ${figure}.`]),
  ['v8js.gc.duration', 'histogram', 's', 'Garbage collections by kind.', ['v8js.gc.type']],
  ['v8js.memory.heap.used', 'gauge', 'By', 'Memory in use, by heap space.', SPACE],
  ['v8js.memory.heap.space.size', 'upDownCounter', 'By', 'Memory set aside, by heap space.', SPACE],
  ['v8js.memory.heap.space.available_size', 'gauge', 'By', 'Memory still free, by heap space.', SPACE],
  ['v8js.memory.heap.space.physical_size', 'gauge', 'By', 'Memory committed, by heap space.', SPACE],
  ['v8js.resource.active', 'gauge', '{resource}', 'What keeps the event loop alive, by type.', ['v8js.resource.type']],
];

/** Metrics made by libraries that `instrument()` installs; we pass them on under their own names. The words are ours. */
export const libraryMetrics: readonly MetricDefinition[] = [...definitions(PG, 'instrumentation-pg'), ...definitions(RUNTIME, 'instrumentation-runtime-node')];

function definitions(rows: readonly Row[], source: MetricSource): MetricDefinition[] {
  return rows.map(([name, kind, unit, description, attributes = []]) => ({ name, kind, unit, description, attributes, source }));
}
