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
  /** Put the error's message into the record. It may quote what a user sent. */
  readonly captureErrorMessages: boolean;
  /** Called for each error that nobody caught, after the record of it was made. */
  readonly onFatal: (fatal: { readonly survives: boolean }) => void;
}

/**
 * Sees errors that nobody caught without catching them: Node prints them and ends the process as it would without us,
 * whatever `--unhandled-rejections` says. (`--abort-on-uncaught-exception` ends it before any listener runs.)
 *
 * Makes one log record of severity FATAL: the class of the error and its frames. When the process will end, the span in
 * whose context the error was thrown ends as failed. Other open spans stay unfinished: which of them failed would be a
 * guess, and a list of all open spans would cost every span something.
 *
 * Returns what removes the listener.
 */
export function hookFatalErrors({ host, logger, captureErrorMessages, onFatal }: FatalErrorOptions): () => void {
  const onUncaught = (thrown: unknown, origin: string): void => {
    // The host catches what nobody else did, and decides by itself whether to end.
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
      // A hostile error costs its record; the process ends as it would.
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
