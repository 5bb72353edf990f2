import { metrics } from '@opentelemetry/api';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import type * as RuntimeModule from '@opentelemetry/instrumentation-runtime-node';
import { ourRequire } from '../loading/ourRequire.js';

/** Starts the metrics of Node's event loop, garbage collection and heap. Returns a function that ends them. May throw. */
export function coverRuntime(): () => void {
  const { RuntimeNodeInstrumentation } = ourRequire()('@opentelemetry/instrumentation-runtime-node') as typeof RuntimeModule;
  const runtime: Instrumentation = new RuntimeNodeInstrumentation();
  try {
    // Its constructor creates no instruments; it waits for a meter provider.
    runtime.setMeterProvider(metrics.getMeterProvider());
  } catch (error) {
    runtime.disable();
    throw error;
  }
  return () => runtime.disable();
}
