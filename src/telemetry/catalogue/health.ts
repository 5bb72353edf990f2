import { ATTR_HANDOFF_COMPONENT_NAME, ATTR_HANDOFF_COMPONENT_STATE } from '../semconv.js';
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

const COMPONENT: MetricAttribute = { key: ATTR_HANDOFF_COMPONENT_NAME, values: healthComponents };

export const healthMetrics = {
  state: {
    name: 'handoff.health.state',
    kind: 'gauge',
    unit: '{server}',
    description:
      'Health of each part of a handoff server and of all together (`overall`) as of its last check: 1 for the state it is in, 0 for the others.',
    attributes: [
      { key: ATTR_HANDOFF_COMPONENT_NAME, values: [...healthComponents, 'overall'] },
      { key: ATTR_HANDOFF_COMPONENT_STATE, values: healthStates },
    ],
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
      'A part of the server has become healthy, degraded or unhealthy, or is so for another reason; `advice` says what to do. `warn` unless it is healthy.',
  },
} as const satisfies Record<string, LogEventDefinition>;
