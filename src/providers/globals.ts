import { context, diag, logs, metrics, propagation, trace } from '@opentelemetry/api';

/** Where every copy of the OpenTelemetry API 1.x keeps what is registered. */
const API_STATE = Symbol.for('opentelemetry.js.api.1');

/** Whether somebody has registered an SDK in this process already. */
export function isSdkRegistered(): boolean {
  const state: unknown = Reflect.get(globalThis, API_STATE);
  return typeof state === 'object' && state !== null && ('trace' in state || 'metrics' in state || 'logs' in state);
}

/** Gives the globals back. NodeSDK's own shutdown keeps them, and whoever starts an SDK next would be refused. */
export function releaseGlobals(): void {
  trace.disable();
  metrics.disable();
  logs.disable();
  context.disable();
  propagation.disable();
  diag.disable();
}
