import type { LogEventDefinition, MetricDefinition } from './definitions.js';

/** What a server keeps of its own measurements in its database. */
export const measurementMetrics = {
  dropped: {
    name: 'handoff.measurements.dropped',
    kind: 'counter',
    unit: '{row}',
    description:
      'Rows of measurements that were not written because the database was away for longer than they are kept, because it refused them, or because too many calls failed in one interval.',
    attributes: [],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const measurementEvents = {
  unavailable: {
    name: 'handoff.measurements.unavailable',
    level: 'warn',
    description: 'No measurements are written to the database, because a package is missing; the message says how to install it.',
  },
  refused: {
    name: 'handoff.measurements.refused',
    level: 'warn',
    description:
      'The database refuses what was measured, which is dropped; `error.type` is its SQLSTATE. One record until it takes something again.',
  },
} as const satisfies Record<string, LogEventDefinition>;
