import type { LogEventDefinition } from './definitions.js';

/** What hosts write with the seven methods of `createStructuredLogger()`. */
export const structuredLogEvents = {
  toolCall: { name: 'handoff.log.tool_call', level: 'by outcome', description: '`logToolCall`: `info`, or `warn` if the call failed.' },
  handoff: { name: 'handoff.log.handoff', level: 'by outcome', description: '`logHandoffEvent`: `info`, or `warn` if the handoff failed.' },
  system: {
    name: 'handoff.log.system',
    level: 'by outcome',
    description: '`logSystemEvent`: `info`, or `error` if the status is `failed`.',
  },
  error: { name: 'handoff.log.error', level: 'error', description: '`logError`.' },
  warning: { name: 'handoff.log.warning', level: 'warn', description: '`logWarning`.' },
  performance: { name: 'handoff.log.performance', level: 'info', description: '`logPerformanceMetric`.' },
  resourceUsage: { name: 'handoff.log.resource_usage', level: 'info', description: '`logResourceUsage`.' },
} as const satisfies Record<string, LogEventDefinition>;
