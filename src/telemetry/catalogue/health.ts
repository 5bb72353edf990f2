import {
  ATTR_HANDOFF_COMPONENT_NAME,
  ATTR_HANDOFF_COMPONENT_STATE,
  ATTR_HANDOFF_COMPONENT_REASON,
  ATTR_HANDOFF_RESOURCE_NAME,
} from '../semconv.js';
import type { LogEventDefinition, MetricAttribute, MetricDefinition } from './definitions.js';

export const healthStates = ['healthy', 'degraded', 'unhealthy'] as const;
export type HealthState = (typeof healthStates)[number];

/** The parts of a handoff server whose health is checked. */
export const healthComponents = [
  'database',
  'redis',
  'archive',
  'disk',
  'event_loop',
  'memory',
  'jobs',
  'sweeps',
  'migrations',
  'partitions',
  'telemetry',
  'features',
] as const;
export type HealthComponent = (typeof healthComponents)[number];

/** Why a part is as it is. The meaning of a word never changes. */
export const healthReasons = [
  // Of parts that are healthy.
  'not_configured',
  'in_process',
  'not_measured',
  'switched_off',
  // Of any part.
  'timed_out',
  'slow',
  'stale',
  'failed',
  // Of stores.
  'unreachable',
  'access_denied',
  'too_many_connections',
  'pool_exhausted',
  'pool_saturated',
  'read_only',
  'tables_missing',
  'statements_refused',
  'statements_timed_out',
  'circuit_open',
  'missing',
  // Of the process and its machine.
  'low_space',
  'full',
  'stalled',
  'saturated',
  'heap_nearly_full',
  'memory_nearly_full',
  // Of what runs in the background.
  'not_running',
  'failing',
  'overdue',
  'late',
  'pending',
  'newer',
  'changed',
  'short_horizon',
  // Of features.
  'left_out',
  // Of telemetry.
  'not_started',
  'not_delivered',
  'losing',
] as const;
export type HealthReason = (typeof healthReasons)[number];

/** What a process can run out of, and whose use the checks of health measure against its limit. */
export const resources = ['heap', 'memory', 'disk'] as const;
export type Resource = (typeof resources)[number];

/** From these shares of its limit on, a resource makes the health of its part degraded; the alerts follow them. */
export const resourceLimits = { memoryShare: 0.8, diskShare: 0.9 } as const;

const COMPONENT: MetricAttribute = { key: ATTR_HANDOFF_COMPONENT_NAME, values: healthComponents };
const COMPONENT_OR_ALL: MetricAttribute = { key: ATTR_HANDOFF_COMPONENT_NAME, values: [...healthComponents, 'overall'] };

export const healthMetrics = {
  state: {
    name: 'handoff.health.state',
    kind: 'gauge',
    unit: '{server}',
    description:
      'Health of each part of a handoff server and of all together (`overall`) as of its last check: 1 for its state, 0 for the other states.',
    attributes: [COMPONENT_OR_ALL, { key: ATTR_HANDOFF_COMPONENT_STATE, values: healthStates }],
    source: 'handoff-otel',
  },
  since: {
    name: 'handoff.health.since',
    kind: 'gauge',
    unit: 's',
    description:
      'Time at which each part of a handoff server, and all together (`overall`), changed to its present state, in seconds since 1970.',
    attributes: [COMPONENT_OR_ALL],
    source: 'handoff-otel',
  },
  reason: {
    name: 'handoff.health.reason',
    kind: 'gauge',
    unit: '{server}',
    description: 'Why a part of a handoff server is not healthy: 1 for the reason of its last check, 0 for previous reasons.',
    attributes: [COMPONENT, { key: ATTR_HANDOFF_COMPONENT_REASON, values: healthReasons }],
    source: 'handoff-otel',
  },
  utilization: {
    name: 'handoff.resource.utilization',
    kind: 'gauge',
    unit: '1',
    description:
      'Share of its limit that each resource of a handoff server uses, as of its last check: the heap of V8, the memory of the process where its container has a limit, and the disk where the process writes files.',
    attributes: [{ key: ATTR_HANDOFF_RESOURCE_NAME, values: resources }],
    source: 'handoff-otel',
  },
  checkDuration: {
    name: 'handoff.health.check.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of one check of the health of a part, up to its time limit.',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5],
    attributes: [COMPONENT],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const healthEvents = {
  changed: {
    name: 'handoff.health.changed',
    level: 'by outcome',
    description:
      'A part of the server has become healthy, degraded or unhealthy, or its reason has changed; `advice` says what to do. `warn` unless it is healthy.',
  },
} as const satisfies Record<string, LogEventDefinition>;
