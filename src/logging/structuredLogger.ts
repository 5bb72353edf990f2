import { framesOf } from '../errors/exceptionFields.js';
import { boundedValue, newBudget } from './boundedValue.js';
import { FIELD_EVENT_NAME } from './logFields.js';
import type { StructuredLogger } from './types.js';

/** Where records go. A pino logger fits as it is. */
export interface StructuredLogSink {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface StructuredLoggerOptions {
  /**
   * Write what callers and agents said: tool inputs and outputs, error messages, reasons. Default false.
   * Values are cut to the limits of boundedValue.ts.
   */
  readonly content?: boolean;
}

/** `event.name` of each kind of record. */
const logEvents = {
  toolCall: 'handoff.log.tool_call',
  handoff: 'handoff.log.handoff',
  system: 'handoff.log.system',
  error: 'handoff.log.error',
  warning: 'handoff.log.warning',
  performance: 'handoff.log.performance',
  resourceUsage: 'handoff.log.resource_usage',
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** The seed's seven-method logger over a pino logger. Texts are fixed; whatever varies is a field. */
export function createStructuredLogger(sink: StructuredLogSink, { content = false }: StructuredLoggerOptions = {}): StructuredLogger {
  /** What a caller said: present only when asked for. */
  const said = (fields: Fields): Fields => (content ? (boundedValue(fields, newBudget()) as Fields) : {});

  return {
    logToolCall: (context) => {
      write(logEvents.toolCall, () => {
        const { inputParameters, outputData, errorMessage, ...rest } = context;
        return { ...byOutcome('tool call', context.success), fields: { ...rest, ...said({ inputParameters, outputData, errorMessage }) } };
      });
    },
    logHandoffEvent: (context) => {
      write(logEvents.handoff, () => {
        const { reason, ...rest } = context;
        return { ...byOutcome('handoff', context.success), fields: { ...rest, ...said({ reason }) } };
      });
    },
    logSystemEvent: (context) => {
      write(logEvents.system, () => ({
        level: context.status === 'failed' ? 'error' : 'info',
        message: 'system event',
        fields: { ...context },
      }));
    },
    logError: (error, context) => {
      write(logEvents.error, () => {
        const { stackTrace, ...rest } = context;
        const frames = stackTrace === undefined ? {} : { stackTrace: framesOf(stackTrace, error.message) };
        return { level: 'error', message: 'error', fields: { ...rest, err: error, ...frames } };
      });
    },
    logWarning: (message, context) => {
      write(logEvents.warning, () => ({ level: 'warn', message, fields: { ...context } }));
    },
    logPerformanceMetric: (metric) => {
      write(logEvents.performance, () => ({ level: 'info', message: 'performance metric', fields: { ...metric } }));
    },
    logResourceUsage: (usage) => {
      write(logEvents.resourceUsage, () => ({ level: 'info', message: 'resource usage', fields: { ...usage } }));
    },
  };

  function write(event: string, compose: () => Line): void {
    try {
      const { level, message, fields } = compose();
      sink[level]({ [FIELD_EVENT_NAME]: event, ...fields }, message);
    } catch {
      // A context with a throwing getter, or a sink that fails: a log record is not worth the caller's work.
    }
  }
}

interface Line {
  readonly level: keyof StructuredLogSink;
  readonly message: string;
  readonly fields: Fields;
}

function byOutcome(what: string, success: boolean): Pick<Line, 'level' | 'message'> {
  return success ? { level: 'info', message: `${what} succeeded` } : { level: 'warn', message: `${what} failed` };
}
