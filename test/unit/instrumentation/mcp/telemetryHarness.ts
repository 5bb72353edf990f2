import { context, propagation } from '@opentelemetry/api';
import type { Attributes, SpanKind, TextMapPropagator } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { createMcpInstrumentation } from '../../../../src/instrumentation/mcp/instrumentation.js';
import type { McpHooks, McpHooksDependencies } from '../../../../src/instrumentation/mcp/instrumentation.js';
import { systemClock } from '../../../../src/time/clock.js';

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

  constructor(
    propagator: TextMapPropagator = new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  ) {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(propagator);
  }

  get tracer(): ReturnType<TracerProvider['getTracer']> {
    return this.tracerProvider.getTracer('test');
  }

  instrumentation(overrides: Partial<McpHooksDependencies> = {}): McpHooks {
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

  /** The one span of that name, and of that kind if given; fails when there are none or several. */
  span(name: string, kind?: SpanKind): ReadableSpan {
    const [span, ...others] = this.spansNamed(name).filter((each) => kind === undefined || each.kind === kind);
    if (span === undefined || others.length > 0)
      throw new Error(`expected one span ${name}, have: ${this.spans.map((each) => each.name).join(', ')}`);
    return span;
  }

  /** All points of `mcp.server.operation.duration`, or of another histogram, of one method. */
  async points(method: string, metric = 'mcp.server.operation.duration'): Promise<DurationPoint[]> {
    return (await this.histogram(metric)).filter(({ attributes }) => attributes['mcp.method.name'] === method);
  }

  /** All points of a histogram; none when it was never recorded. */
  async histogram(metric: string): Promise<DurationPoint[]> {
    const points: DurationPoint[] = [];
    for (const data of await this.#collected(metric)) {
      if (data.dataPointType !== DataPointType.HISTOGRAM) continue;
      for (const { attributes, value } of data.dataPoints)
        points.push({ attributes, count: value.count, boundaries: value.buckets.boundaries });
    }
    return points;
  }

  /** Values of a counter by method, e.g. `{ ping: 0 }`. */
  async counts(metric: string): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const data of await this.#collected(metric)) {
      if (data.dataPointType !== DataPointType.SUM) continue;
      for (const { attributes, value } of data.dataPoints) {
        const method = String(attributes['mcp.method.name']);
        counts[method] = (counts[method] ?? 0) + value;
      }
    }
    return counts;
  }

  async #collected(metric: string): Promise<MetricData[]> {
    await this.meterProvider.forceFlush();
    return (this.#metrics.getMetrics().at(-1)?.scopeMetrics ?? []).flatMap(({ metrics }) =>
      metrics.filter(({ descriptor }) => descriptor.name === metric),
    );
  }

  async dispose(): Promise<void> {
    context.disable();
    propagation.disable();
    await Promise.all([this.tracerProvider.shutdown(), this.meterProvider.shutdown()]);
  }
}

/** Less than a test may take, and far more than what is waited for takes. */
const DEADLINE_MS = 20_000;

/** Waits for something that happens soon, with a deadline instead of a guess. */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadlineMs = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`did not happen within ${DEADLINE_MS} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
