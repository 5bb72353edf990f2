import { createContextKey } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';

/**
 * The key with which exporters mark their own work, the same as in `suppressTracing` of `@opentelemetry/core` (a test compares them).
 * It is not imported from there: that package takes 17 ms to load, even when telemetry is switched off.
 */
const SUPPRESS_TRACING = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Returns a context in which no telemetry is recorded: for work that nobody requested and that would hide the rest, such as probes. */
export function suppressTracing(context: Context): Context {
  return context.setValue(SUPPRESS_TRACING, true);
}

/** Whether no telemetry may be recorded in this context. */
export function isTracingSuppressed(context: Context): boolean {
  return context.getValue(SUPPRESS_TRACING) === true;
}
