import { framesOf } from '../errors/exceptionFields.js';
import { boundedValue, newBudget } from './boundedValue.js';
import { structuredLogEvents } from '../telemetry/catalogue/structuredLog.js';
import type { Log } from '../telemetry/log.js';
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

  return {
    logToolCall: (context) => {
      write(structuredLogEvents.toolCall.name, () => {
        const { inputParameters, outputData, errorMessage, ...rest } = context;
        return {
          ...byOutcome('tool call', context.success),
          fields: { ...rest, ...contentFields({ inputParameters, outputData, errorMessage }) },
        };
      });
    },
    logHandoffEvent: (context) => {
      write(structuredLogEvents.handoff.name, () => {
        const { reason, ...rest } = context;
        return { ...byOutcome('handoff', context.success), fields: { ...rest, ...contentFields({ reason }) } };
      });
    },
    logSystemEvent: (context) => {
      write(structuredLogEvents.system.name, () => ({
        level: context.status === 'failed' ? 'error' : 'info',
        message: 'system event',
        fields: { ...context },
      }));
    },
    logError: (error, context) => {
      write(structuredLogEvents.error.name, () => {
        const { stackTrace, ...rest } = context;
        const frames = stackTrace === undefined ? {} : { stackTrace: framesOf(stackTrace, error.message) };
        return { level: 'error', message: 'error', fields: { ...rest, err: error, ...frames } };
      });
    },
    logWarning: (message, context) => {
      write(structuredLogEvents.warning.name, () => ({ level: 'warn', message, fields: { ...context } }));
    },
    logPerformanceMetric: (metric) => {
      write(structuredLogEvents.performance.name, () => ({ level: 'info', message: 'performance metric', fields: { ...metric } }));
    },
    logResourceUsage: (usage) => {
      write(structuredLogEvents.resourceUsage.name, () => ({ level: 'info', message: 'resource usage', fields: { ...usage } }));
    },
  };

  function write(event: string, compose: () => Line): void {
    try {
      const { level, message, fields } = compose();
      sink[level]({ [ATTR_EVENT_NAME]: event, ...fields }, message);
    } catch {
      // The context has a throwing getter, or the sink failed: a log record must not break the caller's work.
    }
  }
}

interface Line {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: Fields;
}

function byOutcome(what: string, success: boolean): Pick<Line, 'level' | 'message'> {
  return success ? { level: 'info', message: `${what} succeeded` } : { level: 'warn', message: `${what} failed` };
}
