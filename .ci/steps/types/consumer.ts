// What users write, with every kind of export: functions, classes, interfaces. Compiled as an ES module and as CommonJS.
import { instrument } from 'handoff-otel';
import type { InstrumentOptions, Instrumentation } from 'handoff-otel';
import { McpInstrumentation } from 'handoff-otel/mcp';
import type { McpInstrumentationConfig } from 'handoff-otel/mcp';
import 'handoff-otel/register';
import { ConfigError, HandoffError, createHandoffServices, createLogger, fromPool } from 'handoff-otel/services';
import type { Database } from 'handoff-otel/services';
import { FakeClock, startOtlpReceiver } from 'handoff-otel/testing';
import type { SpanRecord } from 'handoff-otel/testing';

const options: InstrumentOptions = { serviceName: 'consumer', prometheus: { port: 0 }, exitHooks: false };
export const telemetry: Instrumentation = instrument(options);
telemetry.status().state satisfies 'active' | 'joined' | 'disabled' | 'failed' | 'shut down';
// @ts-expect-error It has no such member: these are the real types, not `any`.
void telemetry.status().nothing;
// @ts-expect-error It must be a string.
instrument({ serviceName: 1 });

const config: McpInstrumentationConfig = { enabled: false, mode: 'propagation-only' };
export const instrumentation: McpInstrumentation = new McpInstrumentation(config);
// @ts-expect-error It has no such member.
void instrumentation.nothing;

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
