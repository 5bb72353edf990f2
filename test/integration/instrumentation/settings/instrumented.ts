import { afterEach } from 'vitest';
import { instrument } from '../../../../src/instrumentation/instrument.js';
import type { Instrumentation } from '../../../../src/instrumentation/handle.js';
import type { InstrumentOptions } from '../../../../src/instrumentation/options.js';

const saved = { ...process.env };
let running: Instrumentation | undefined;

afterEach(async () => {
  await running?.shutdown();
  running = undefined;
  for (const key of Object.keys(process.env)) if (key.startsWith('OTEL_')) delete process.env[key];
  Object.assign(process.env, saved);
});

/** Starts telemetry in this process with the given variables, until the end of the test. */
export function startWith(env: Readonly<Record<string, string>>, options: InstrumentOptions = {}): Instrumentation {
  Object.assign(process.env, env);
  running = instrument({ exitHooks: false, flushTimeoutMs: 5000, prometheus: { enabled: false }, ...options });
  return running;
}

/** One span, one record and one point, sent. */
export async function sendOneOfEach({ tracer, logger, meter, flush }: Instrumentation): Promise<void> {
  tracer.startSpan('s').end();
  logger.emit({ body: 'b' });
  meter.createCounter('c').add(1);
  await flush();
}
