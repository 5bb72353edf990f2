// What users write, of every kind of export: functions, classes, interfaces. Compiled as an ES module and as CommonJS.
import { ConfigError, HandoffError, createHandoffServices, createLogger, fromPool, instrument } from 'handoff-otel';
import type { Database, InstrumentOptions, Instrumentation } from 'handoff-otel';
import 'handoff-otel/register';
import { FakeClock, startOtlpReceiver } from 'handoff-otel/testing';
import type { SpanRecord } from 'handoff-otel/testing';

const options: InstrumentOptions = { serviceName: 'consumer', prometheus: { port: 0 }, exitHooks: false };
export const telemetry: Instrumentation = instrument(options);
telemetry.status().state satisfies 'active' | 'joined' | 'disabled' | 'failed' | 'shut down';
// @ts-expect-error It has no such member: these are the real types, not `any`.
void telemetry.status().nothing;
// @ts-expect-error It is a text.
instrument({ serviceName: 1 });

export class OwnError extends HandoffError<{ readonly id: number }> {
  override readonly code = 'HANDOFF_OWN';
}
new OwnError('a message', { id: 1 }).data.id satisfies number;

export function isOurs(error: unknown): error is ConfigError {
  return error instanceof ConfigError;
}

export const clock: FakeClock = new FakeClock();

export async function use(database: Database): Promise<readonly SpanRecord[]> {
  const receiver = await startOtlpReceiver();
  await receiver.close();
  void [database, createHandoffServices, createLogger, fromPool];
  return receiver.spans();
}
