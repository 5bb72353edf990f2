import { expectTypeOf, it } from 'vitest';
import type { StructuredLogger, ErrorContext } from '../../../../../src/logging/types.js';
import type { ErrorHandler, ErrorResponse } from '../../../../../src/handoff/resilience/errors/errorHandler.js';
import type { HandoffServices } from '../../../../../src/handoff/services.js';

/** The interface that the services were designed with, written out. */
interface DesignedErrorHandler {
  handleSystemError(error: Error): Promise<ErrorResponse>;
  handleSessionError(error: Error): Promise<ErrorResponse>;
  handlePerformanceError(error: Error): Promise<ErrorResponse>;
  attemptRecovery(error: Error): Promise<boolean>;
  escalateError(error: Error): Promise<void>;
  logError(error: Error, context: ErrorContext): void;
  triggerAlert(error: Error): void;
}

it('the error handler is the designed one, name for name, and handles data errors too', () => {
  expectTypeOf<keyof ErrorHandler>().toEqualTypeOf<keyof DesignedErrorHandler | 'handleDataError'>();
  expectTypeOf<ErrorHandler>().toExtend<DesignedErrorHandler>();
  expectTypeOf<ErrorHandler['handleDataError']>().toEqualTypeOf<DesignedErrorHandler['handleSystemError']>();
  expectTypeOf<{ [Name in keyof DesignedErrorHandler]: ReturnType<DesignedErrorHandler[Name]> }>().toEqualTypeOf<{
    [Name in keyof DesignedErrorHandler]: ReturnType<ErrorHandler[Name]>;
  }>();
  expectTypeOf<HandoffServices['errors']>().toExtend<DesignedErrorHandler>();
  expectTypeOf<HandoffServices['logger']>().toExtend<StructuredLogger>();
});
