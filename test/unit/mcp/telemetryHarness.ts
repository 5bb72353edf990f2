import { context, propagation } from '@opentelemetry/api';
import type { Attributes, TextMapPropagator } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { AggregationTemporality, DataPointType, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { createMcpInstrumentation } from '../../../src/mcp/instrumentation.js';
import type { McpInstrumentation, McpInstrumentationDependencies } from '../../../src/mcp/instrumentation.js';
import { systemClock } from '../../../src/time/clock.js';

export interface DurationPoint {
  readonly attributes: Attributes;
  readonly count: number;
  readonly boundaries: readonly number[];
}

/** Real SDK providers with in-memory exporters, and an instrumentation writing into them. */
export class TelemetryHarness {
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: this.#spans })] });
  readonly meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: 3_600_000 })],
  });

  constructor(propagator: TextMapPropagator = new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] })) {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(propagator);
  }

  get tracer(): ReturnType<TracerProvider['getTracer']> {
    return this.tracerProvider.getTracer('test');
  }

  instrumentation(overrides: Partial<McpInstrumentationDependencies> = {}): McpInstrumentation {
    return createMcpInstrumentation({
      tracer: this.tracer,
      meter: this.meterProvider.getMeter('test'),
      propagation,
      clock: systemClock,
      ...overrides,
    });
  }

  get spans(): readonly ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  spansNamed(name: string): readonly ReadableSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  /** The one span of that name; fails when there are none or several. */
  span(name: string): ReadableSpan {
    const [span, ...others] = this.spansNamed(name);
    if (span === undefined || others.length > 0) throw new Error(`expected one span ${name}, have: ${this.spans.map((each) => each.name).join(', ')}`);
    return span;
  }

  /** All points of `mcp.server.operation.duration` of one method. */
  async points(method: string): Promise<DurationPoint[]> {
    await this.meterProvider.forceFlush();
    const points: DurationPoint[] = [];
    const resourceMetrics = this.#metrics.getMetrics().at(-1);
    for (const scope of resourceMetrics?.scopeMetrics ?? []) {
      for (const metric of scope.metrics) {
        if (metric.descriptor.name !== 'mcp.server.operation.duration' || metric.dataPointType !== DataPointType.HISTOGRAM) continue;
        for (const point of metric.dataPoints) {
          const { buckets, count } = point.value;
          if (point.attributes['mcp.method.name'] === method) points.push({ attributes: point.attributes, count, boundaries: buckets.boundaries });
        }
      }
    }
    return points;
  }

  async dispose(): Promise<void> {
    context.disable();
    propagation.disable();
    await Promise.all([this.tracerProvider.shutdown(), this.meterProvider.shutdown()]);
  }
}

/** Waits for something that happens soon, with a deadline instead of a guess. */
export async function eventually(condition: () => boolean, what: string): Promise<void> {
  const deadlineMs = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`did not happen within 5 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
