import type { LogEventDefinition, MetricDefinition } from './definitions.js';

export const memoryMetrics = {
  collections: {
    name: 'handoff.memory.collections',
    kind: 'counter',
    unit: '{collection}',
    description: 'Garbage collections that a handoff server started by itself, because its memory was beyond the threshold.',
    attributes: [],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const memoryEvents = {
  report: {
    name: 'handoff.memory.report',
    level: 'warn',
    description:
      'Memory is beyond its threshold. The record says what takes it, before and after a garbage collection, or why there was none.',
  },
  snapshot: {
    name: 'handoff.memory.snapshot',
    level: 'by outcome',
    description:
      'A heap snapshot was asked for (SIGUSR2). `info` with its file when it was written, `warn` with the reason when it was refused.',
  },
} as const satisfies Record<string, LogEventDefinition>;
