import type { MetricAttribute, MetricDefinition } from './definitions.js';

const HEAP_SPACE: MetricAttribute = {
  key: 'v8js.heap.space.name',
  values: 'The heap spaces of V8, as `v8.getHeapSpaceStatistics()` names them.',
};

/** Buckets of `instrumentation-runtime-node` itself, in seconds. */
const GC_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] as const;

const runtimeMetric = (
  name: string,
  kind: MetricDefinition['kind'],
  unit: string,
  description: string,
  attributes: readonly MetricAttribute[] = [],
): MetricDefinition => ({ name, kind, unit, description, attributes, source: 'instrumentation-runtime-node' });

const eventLoopDelay = (figure: string, what: string): MetricDefinition =>
  runtimeMetric(`nodejs.eventloop.delay.${figure}`, 'gauge', 's', `${what} of the event loop delay since the last collection.`);

/** Node's event loop, heap and garbage collection. Recorded by a library; only the descriptions are ours. */
export const runtimeMetrics: readonly MetricDefinition[] = [
  runtimeMetric(
    'nodejs.eventloop.utilization',
    'gauge',
    '1',
    'Share of the time since the last collection during which the event loop was busy.',
  ),
  runtimeMetric('nodejs.eventloop.time', 'counter', 's', 'Time the event loop has spent in each state.', [
    { key: 'nodejs.eventloop.state', values: ['active', 'idle'] },
  ]),
  eventLoopDelay('min', 'The minimum'),
  eventLoopDelay('max', 'The maximum'),
  eventLoopDelay('mean', 'The mean'),
  eventLoopDelay('stddev', 'The standard deviation'),
  eventLoopDelay('p50', 'The median'),
  eventLoopDelay('p90', 'The 90th percentile'),
  eventLoopDelay('p99', 'The 99th percentile'),
  {
    ...runtimeMetric('v8js.gc.duration', 'histogram', 's', 'Duration of garbage collections by kind.', [
      { key: 'v8js.gc.type', values: ['major', 'minor', 'incremental', 'weakcb'] },
    ]),
    buckets: GC_BUCKETS_S,
  },
  runtimeMetric('v8js.memory.heap.used', 'gauge', 'By', 'Memory in use, by heap space.', [HEAP_SPACE]),
  runtimeMetric('v8js.memory.heap.space.size', 'upDownCounter', 'By', 'Memory reserved, by heap space.', [HEAP_SPACE]),
  runtimeMetric('v8js.memory.heap.space.available_size', 'gauge', 'By', 'Memory still free, by heap space.', [HEAP_SPACE]),
  runtimeMetric('v8js.memory.heap.space.physical_size', 'gauge', 'By', 'Memory committed, by heap space.', [HEAP_SPACE]),
  runtimeMetric(
    'v8js.resource.active',
    'gauge',
    '{resource}',
    'Resources, such as timers and sockets, that keep the event loop alive, by type.',
    [{ key: 'v8js.resource.type', values: 'The types of resources that `process.getActiveResourcesInfo()` returns.' }],
  ),
];
