import * as api from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { createMcpInstrumentation } from '../../../src/instrumentation/mcp/instrumentation.js';
import type { McpOptions } from '../../../src/instrumentation/mcp/options.js';
import { systemClock } from '../../../src/time/clock.js';
import type { Mode, Subject } from '../subject.js';
import { KeptSpans, idleReader, otelHost } from './host.js';

/** An SDK as a host registers it, everything kept in memory. */
export function registerHost(): ReturnType<typeof otelHost> {
  const kept = new KeptSpans();
  const reader = idleReader({ MetricReader });
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  api.propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  api.trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [kept] }));
  api.metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader as unknown as IMetricReader] }));
  return otelHost(api, kept, reader);
}

const OPTIONS: Record<Mode, McpOptions> = { plain: {}, content: { capture: { arguments: true, results: true } }, off: { mode: 'off' } };

/** `instrumentServer`, `instrumentClient` and `instrumentHandler`, with their defaults. */
export function openOurs(): Subject {
  const host = registerHost();
  const mcp = createMcpInstrumentation({
    tracer: api.trace.getTracer('ours'),
    meter: api.metrics.getMeter('ours'),
    propagation: api.propagation,
    clock: systemClock,
  });
  return {
    ...host,
    name: 'ours',
    roads: ['v2', 'v1'],
    contentBy: '`capture: { arguments, results }`',
    offBy: "`mode: 'off'`",
    wrapServer: (server, mode) => mcp.instrumentServer(server, OPTIONS[mode]),
    wrapClient: (client) => mcp.instrumentClient(client),
    wrapHandler: (handler, mode) => mcp.instrumentHandler(handler, OPTIONS[mode]),
  };
}

/** Frees OpenTelemetry's globals. */
export function closeOurs(): void {
  api.trace.disable();
  api.metrics.disable();
  api.context.disable();
  api.propagation.disable();
}
