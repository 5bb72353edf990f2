import { ATTR_HANDOFF_STATEMENT_NAME } from '../semconv.js';
import type { LogEventDefinition, MetricDefinition } from './definitions.js';

/** What a server keeps of its own measurements in its database. */
/** A statement that takes longer is slow, in milliseconds. */
export const SLOW_STATEMENT_MS = 500;

export const measurementMetrics = {
  slowStatements: {
    name: 'handoff.statements.slow',
    kind: 'counter',
    unit: '{statement}',
    description:
      'Statements of a handoff server that took longer than half a second, including the wait for a connection, whether they failed or not.',
    attributes: [
      { key: ATTR_HANDOFF_STATEMENT_NAME, values: 'The names of the SQL statements of a handoff server, which have no values in them.' },
    ],
    source: 'handoff-otel',
  },
  written: {
    name: 'handoff.measurements.written',
    kind: 'counter',
    unit: '{row}',
    description: 'Rows of measurements that were written to `performance_logs` and `system_metrics`.',
    attributes: [],
    source: 'handoff-otel',
  },
  dropped: {
    name: 'handoff.measurements.dropped',
    kind: 'counter',
    unit: '{row}',
    description:
      'Rows of measurements that were not written because the database was unavailable for longer than they are kept, because it refused them, or because too many calls failed in one interval.',
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
      'The database refuses measurements, which are dropped; `error.type` is the SQLSTATE. One record until it accepts some again.',
  },
  failed: {
    name: 'handoff.measurements.failed',
    level: 'warn',
    description: 'The process could not be measured. The next attempt is made after the interval.',
  },
} as const satisfies Record<string, LogEventDefinition>;
