import { context, diag, logs, metrics, propagation, trace } from '@opentelemetry/api';

/** Where every copy of the OpenTelemetry API 1.x keeps what is registered. */
const API_STATE = Symbol.for('opentelemetry.js.api.1');

const SIGNALS = ['trace', 'metrics', 'logs'] as const;
const APIS = { trace, metrics, logs, context, propagation } as const;

/** Returns the signals for which an SDK is already registered in this process. */
export function registeredSignals(): readonly string[] {
  return SIGNALS.filter((signal) => registered(signal) !== undefined);
}

/**
 * Notes what is registered with the OpenTelemetry API now. The returned function unregisters everything registered since:
 * NodeSDK's own shutdown does not, so the next SDK would be refused. What the host itself had registered is kept.
 */
export function globalsSince(): () => void {
  const kept = new Set(Object.keys(APIS).filter((name) => registered(name) !== undefined));
  return () => {
    for (const [name, api] of Object.entries(APIS)) if (!kept.has(name)) api.disable();
  };
}

/** Does the same for the logger of OpenTelemetry's own messages, unless another one has taken its place. */
export function freeDiagnostics(): () => void {
  const ours = registered('diag');
  return () => {
    if (registered('diag') === ours) diag.disable();
  };
}

function registered(name: string): unknown {
  const state: unknown = Reflect.get(globalThis, API_STATE);
  return typeof state === 'object' && state !== null ? Reflect.get(state, name) : undefined;
}
