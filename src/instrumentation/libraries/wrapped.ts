/**
 * Whether a method is the wrapper of an instrumentation that is built on OpenTelemetry's base class (or that marks its wrappers the
 * same way, such as Sentry's). Our wrappers for ioredis and pino have no such marks.
 */
export function isWrappedByOther(method: unknown): boolean {
  return typeof method === 'function' && '__original' in method && typeof method.__original === 'function';
}
