import { SeverityNumber, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Logger } from '@opentelemetry/api';
import { errorMessage } from '../../errors/classify.js';
import { exceptionType, stackFrames } from '../../errors/exceptionFields.js';
import { errorType } from '../../telemetry/errorType.js';
import { ATTR_ERROR_TYPE, ATTR_EXCEPTION_MESSAGE, ATTR_EXCEPTION_STACKTRACE, ATTR_EXCEPTION_TYPE } from '../../telemetry/semconv.js';
import type { HostProcess } from './hostProcess.js';

const MAX_MESSAGE_CHARS = 4096;
const BODIES: Readonly<Record<string, string>> = { uncaughtException: 'uncaught exception', unhandledRejection: 'unhandled rejection' };

export interface FatalErrorOptions {
  readonly host: HostProcess;
  readonly logger: Logger;
  /** Whether to put the error's message into the record. It may quote what a user sent. */
  readonly captureErrorMessages: boolean;
  /** Called for each uncaught error, after its record was made. */
  readonly onFatal: (fatal: { readonly survives: boolean }) => void;
}

/**
 * Observes uncaught errors without catching them: Node prints them and ends the process as it would without us, whatever
 * `--unhandled-rejections` says. (`--abort-on-uncaught-exception` ends it before any listener runs.)
 *
 * Emits one log record of severity FATAL with the error's class and stack frames. If the process will end, the span in whose
 * context the error was thrown ends as failed. Other open spans stay unfinished: which of them failed would be a guess, and a
 * list of all open spans would cost every span something.
 *
 * Returns a function that removes the listener.
 */
export function hookFatalErrors({ host, logger, captureErrorMessages, onFatal }: FatalErrorOptions): () => void {
  const onUncaught = (thrown: unknown, origin: string): void => {
    // The host catches uncaught errors itself, and decides whether to end.
    const survives = host.listenerCount('uncaughtException') > 0 || host.hasUncaughtExceptionCaptureCallback();
    try {
      logger.emit({
        severityNumber: SeverityNumber.FATAL,
        severityText: 'FATAL',
        body: BODIES[origin] ?? 'fatal error',
        attributes: describe(thrown, captureErrorMessages),
      });
      if (!survives) failActiveSpan(thrown);
    } catch {
      // A hostile error only loses its record; the process ends as it would have.
    }
    onFatal({ survives });
  };
  host.on('uncaughtExceptionMonitor', onUncaught);
  return () => void host.removeListener('uncaughtExceptionMonitor', onUncaught);
}

function describe(thrown: unknown, captureErrorMessages: boolean): Attributes {
  const stack = stackFrames(thrown);
  return {
    [ATTR_EXCEPTION_TYPE]: exceptionType(thrown),
    [ATTR_ERROR_TYPE]: errorType(thrown),
    ...(stack === undefined ? {} : { [ATTR_EXCEPTION_STACKTRACE]: stack }),
    ...(captureErrorMessages ? { [ATTR_EXCEPTION_MESSAGE]: errorMessage(thrown).slice(0, MAX_MESSAGE_CHARS) } : {}),
  };
}

function failActiveSpan(thrown: unknown): void {
  const span = trace.getActiveSpan();
  if (span?.isRecording() !== true) return;
  span.setAttribute(ATTR_ERROR_TYPE, errorType(thrown));
  span.setStatus({ code: SpanStatusCode.ERROR, message: errorType(thrown) });
  span.end();
}
