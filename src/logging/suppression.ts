import { createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

/**
 * The key by which exporters mark their own work, as `suppressTracing` of `@opentelemetry/core` does (a test compares).
 * Not imported from there: that package takes 17 ms to load, also for those who switched telemetry off.
 */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** A context in which no telemetry is made: for what nobody asked for and would only hide the rest, such as probes. */
export function suppressTracing(context: Context): Context {
  return context.setValue(SUPPRESS_TRACING, true);
}

/** Whether telemetry of what runs in this context must not be made. */
export function isTracingSuppressed(context: Context): boolean {
  return context.getValue(SUPPRESS_TRACING) === true;
}
