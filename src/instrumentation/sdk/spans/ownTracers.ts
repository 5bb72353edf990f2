import { trace } from '@opentelemetry/api';
import type { Tracer, TracerProvider } from '@opentelemetry/api';
import { SCOPE_NAME } from '../../../telemetry/scope.js';
import { isRecord } from '../../../values/guards.js';
import { replaceMethod } from '../../patching/replaceMethod.js';
import { delegateOf } from '../delegateOf.js';
import { createOwnTracer } from './ownTracer.js';
import type { OwnTracerOptions } from './ownTracer.js';

/**
 * Has the registered provider of the SDK give tracers of our own for our own scope: for what this package emits itself, in whatever part.
 * All other scopes keep the SDK's. Works on the provider itself, by an own property over its public method, so that it stays what hosts
 * may check for. Returns a function that undoes it.
 */
export function useOwnTracers(options: Omit<OwnTracerOptions, 'scope'>): () => void {
  const provider = delegateOf(trace.getTracerProvider());
  if (!isProvider(provider)) return () => undefined;
  const { getTracer } = provider;
  // One scope object for each version: a batch puts those together whose scope is the same object.
  const known = new Map<string, Tracer>();
  return replaceMethod(provider, 'getTracer', (name, version, given) => {
    if (name !== SCOPE_NAME) return getTracer.call(provider, name, version, given);
    const schemaUrl = given?.schemaUrl;
    const key = JSON.stringify([version, schemaUrl]);
    let tracer = known.get(key);
    if (tracer === undefined) {
      const scope = { name, ...(version === undefined ? {} : { version }), ...(schemaUrl === undefined ? {} : { schemaUrl }) };
      tracer = createOwnTracer({ ...options, scope });
      known.set(key, tracer);
    }
    return tracer;
  });
}

function isProvider(value: unknown): value is TracerProvider {
  return isRecord(value) && 'getTracer' in value;
}
