import { classifyError } from '../../../errors/categories.js';
import type { ErrorCategory } from '../../../errors/categories.js';
import { toError } from '../../../errors/classify.js';
import { asDataError, DataCorruptedError } from '../../../errors/dataErrors.js';
import type { LoggedErrorType, StructuredLogger } from '../../../logging/types.js';
import { errorType } from '../../../telemetry/errorType.js';
import type { Log } from '../../../telemetry/log.js';
import { Alerts } from './alerts.js';
import type { AlertSink, ErrorAlert } from './alerts.js';
import { dependencyOf } from './dependencyOf.js';
import type { ClassifyingErrorHandler, ErrorResponse } from './errorHandler.js';
import { errorResponse } from './errorResponse.js';
import { Recovery } from './recovery.js';
import type { RecoveryDependencies } from './recovery.js';

export interface ErrorHandlerDependencies extends RecoveryDependencies {
  readonly logger: StructuredLogger;
  readonly log: Log;
  /** Takes alerts elsewhere. Default: they are only logged. */
  readonly onAlert?: AlertSink | undefined;
}

const LOGGED_AS: Readonly<Record<ErrorCategory, LoggedErrorType>> = {
  system: 'SystemError',
  session: 'SessionError',
  performance: 'PerformanceError',
  data: 'ValidationError',
};

/** Creates the error handler over a structured logger. */
export function createErrorHandler(deps: ErrorHandlerDependencies): ClassifyingErrorHandler {
  const alerts = new Alerts(deps.log, deps.clock, deps.onAlert);
  const recovery = new Recovery(deps);
  const alertFor = (error: unknown, severity: ErrorAlert['severity'], category = classifyError(error)): ErrorAlert => {
    const { message, advice } = errorResponse(error, category);
    const dependency = dependencyOf(error);
    const at = new Date(deps.clock.nowMs()).toISOString();
    const about = { category, errorType: errorType(error), at, summary: `${message} ${advice}` };
    return { severity, ...about, ...(dependency === undefined ? {} : { dependency }) };
  };
  const respond = (error: Error, category: ErrorCategory): ErrorResponse => {
    deps.logger.logError(error, { errorType: loggedAs(error, category), component: dependencyOf(error) ?? 'handoff' });
    return errorResponse(error, category);
  };
  const handler: ClassifyingErrorHandler = {
    handleSystemError: async (error) => {
      const response = respond(error, 'system');
      if (!response.retryable || dependencyOf(error) !== undefined) alerts.warn(alertFor(error, 'warning', 'system'));
      return response;
    },
    handleSessionError: async (error) => respond(error, 'session'),
    handlePerformanceError: async (error) => respond(error, 'performance'),
    handleDataError: async (error) => {
      const known = asDataError(error) ?? error;
      const response = respond(known, 'data');
      if (known instanceof DataCorruptedError) await alerts.escalate(alertFor(known, 'critical', 'data'));
      return response;
    },
    attemptRecovery: async (error) => {
      const dependency = dependencyOf(error);
      return dependency === undefined ? false : recovery.attempt(dependency);
    },
    escalateError: (error) => alerts.escalate(alertFor(error, 'critical')),
    logError: (error, context) => deps.logger.logError(error, context),
    triggerAlert: (error) => alerts.warn(alertFor(error, 'warning')),
    handle: (thrown) => {
      const error = toError(thrown);
      switch (classifyError(thrown)) {
        case 'system':
          return handler.handleSystemError(error);
        case 'session':
          return handler.handleSessionError(error);
        case 'performance':
          return handler.handlePerformanceError(error);
        case 'data':
          return handler.handleDataError(error);
      }
    },
  };
  return handler;
}

/** What failed is more telling than the category. */
function loggedAs(error: Error, category: ErrorCategory): LoggedErrorType {
  const dependency = dependencyOf(error);
  if (category !== 'system' || dependency === undefined || dependency === 'archive') return LOGGED_AS[category];
  return dependency === 'database' ? 'DatabaseError' : 'RedisError';
}
