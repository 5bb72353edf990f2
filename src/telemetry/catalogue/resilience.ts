import { ATTR_HANDOFF_CIRCUIT_STATE, ATTR_HANDOFF_DEPENDENCY } from '../semconv.js';
import type { LogEventDefinition, MetricDefinition } from './definitions.js';

/** What calls of a handoff server go to. */
export const dependencies = ['database', 'cache', 'archive'] as const;

/** `open`: nothing is sent. `half_open`: one probe is under way, whose answer decides. */
export const breakerStates = ['closed', 'half_open', 'open'] as const;

export const resilienceMetrics = {
  breakerState: {
    name: 'handoff.breaker.state',
    kind: 'gauge',
    unit: '{breaker}',
    description: 'Circuit breaker of each dependency: 1 for the state it is in, 0 for the other two.',
    attributes: [
      { key: ATTR_HANDOFF_DEPENDENCY, values: dependencies },
      { key: ATTR_HANDOFF_CIRCUIT_STATE, values: breakerStates },
    ],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const resilienceEvents = {
  breakerChanged: {
    name: 'handoff.breaker.changed',
    level: 'by outcome',
    description:
      'The circuit breaker of a dependency opened (`warn`) or closed again (`info`). The span in which it happened has an event of this name.',
  },
} as const satisfies Record<string, LogEventDefinition>;
