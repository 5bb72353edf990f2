import { logs, metrics, trace } from '@opentelemetry/api';
import type { Logger, Meter, Tracer } from '@opentelemetry/api';
import { PACKAGE_VERSION, SCOPE_NAME } from '../../telemetry/scope.js';

export interface ApiHandles {
  readonly tracer: Tracer;
  readonly meter: Meter;
  readonly logger: Logger;
}

/** Returns the API's current handles for this package: real ones when an SDK is registered, otherwise no-ops. */
export function apiHandles(): ApiHandles {
  return {
    tracer: trace.getTracer(SCOPE_NAME, PACKAGE_VERSION),
    meter: metrics.getMeter(SCOPE_NAME, PACKAGE_VERSION),
    logger: logs.getLogger(SCOPE_NAME, PACKAGE_VERSION),
  };
}
