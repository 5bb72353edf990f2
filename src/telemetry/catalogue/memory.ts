import type { LogEventDefinition, MetricDefinition } from './definitions.js';

export const memoryMetrics = {
  collections: {
    name: 'handoff.memory.collections',
    kind: 'counter',
    unit: '{collection}',
    description: 'Garbage collections that a handoff server started by itself, because its memory use was above the threshold.',
    attributes: [],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const memoryEvents = {
  report: {
    name: 'handoff.memory.report',
    level: 'warn',
    description:
      'Memory use is above its threshold. The record says what uses the memory, before and after a garbage collection, or why there was none.',
  },
  snapshot: {
    name: 'handoff.memory.snapshot',
    level: 'by outcome',
    description:
      'A heap snapshot was requested (SIGUSR2). `info` with its file when it was written, `warn` with the reason when it was refused.',
  },
} as const satisfies Record<string, LogEventDefinition>;
