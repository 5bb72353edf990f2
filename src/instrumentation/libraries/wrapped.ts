/**
 * Whether a method is the wrapper of an instrumentation made with OpenTelemetry's base class (and of those that took its way
 * of marking wrappers over, such as Sentry's). Ours for ioredis and pino have no such marks.
 */
export function isWrappedByOther(method: unknown): boolean {
  return typeof method === 'function' && '__original' in method && typeof method.__original === 'function';
}
