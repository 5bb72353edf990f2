import { framesOf } from '../errors/exceptionFields.js';
import { quietly } from '../errors/quietly.js';
import { boundedValue, newBudget } from './boundedValue.js';
import { structuredLogEvents } from '../telemetry/catalogue/structuredLog.js';
import type { Log, RecordLevel } from '../telemetry/log.js';
import { ATTR_EVENT_NAME } from '../telemetry/semconv.js';
import type { StructuredLogger } from './types.js';

export interface StructuredLoggerOptions {
  /**
   * Writes what callers and agents sent: tool inputs and outputs, error messages, reasons. Default false.
   * Values are truncated to the limits of boundedValue.ts.
   */
  readonly content?: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** The earlier server's seven-method logger on top of a pino logger. Texts are fixed; everything that varies is a field. */
export function createStructuredLogger(sink: Log, { content = false }: StructuredLoggerOptions = {}): StructuredLogger {
  /** Content from callers, which is written only on request. */
  const contentFields = (fields: Fields): Fields => (content ? (boundedValue(fields, newBudget()) as Fields) : {});

  // A context may have a throwing getter, and the sink may fail: a log record must not break the caller's work.
  return {
    logToolCall: (context) =>
      quietly(() => {
        const { name } = structuredLogEvents.toolCall;
        write(name, byOutcome(context.success), context.success ? 'tool call succeeded' : 'tool call failed', undefined, () => {
          const { inputParameters, outputData, errorMessage, ...rest } = context;
          return { ...rest, ...contentFields({ inputParameters, outputData, errorMessage }) };
        });
      }),
    logHandoffEvent: (context) =>
      quietly(() => {
        const { name } = structuredLogEvents.handoff;
        write(name, byOutcome(context.success), context.success ? 'handoff succeeded' : 'handoff failed', undefined, () => {
          const { reason, ...rest } = context;
          return { ...rest, ...contentFields({ reason }) };
        });
      }),
    logSystemEvent: (context) =>
      quietly(() => {
        const level = context.status === 'failed' ? 'error' : 'info';
        write(structuredLogEvents.system.name, level, 'system event', context.component, () => ({ ...context }));
      }),
    logError: (error, context) =>
      quietly(() => {
        write(structuredLogEvents.error.name, 'error', 'error', context.component, () => {
          const { stackTrace, ...rest } = context;
          const frames = stackTrace === undefined ? {} : { stackTrace: framesOf(stackTrace, error.message) };
          return { ...rest, err: error, ...frames };
        });
      }),
    logWarning: (message, context) =>
      quietly(() => {
        write(structuredLogEvents.warning.name, 'warn', message, context.component, () => ({ ...context }));
      }),
    logPerformanceMetric: (metric) =>
      quietly(() => {
        write(structuredLogEvents.performance.name, 'info', 'performance metric', undefined, () => ({ ...metric }));
      }),
    logResourceUsage: (usage) =>
      quietly(() => {
        write(structuredLogEvents.resourceUsage.name, 'info', 'resource usage', usage.component, () => ({ ...usage }));
      }),
  };

  function write(event: string, level: RecordLevel, message: string, component: string | undefined, compose: () => Fields): void {
    // A record that nobody wants costs one look.
    if (sink.wants?.(level, event, component) === false) return;
    sink[level]({ [ATTR_EVENT_NAME]: event, ...compose() }, message);
  }
}

function byOutcome(success: boolean): RecordLevel {
  return success ? 'info' : 'warn';
}
