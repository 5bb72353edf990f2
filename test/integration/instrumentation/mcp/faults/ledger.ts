import { context, propagation } from '@opentelemetry/api';
import type { Meter, Tracer } from '@opentelemetry/api';
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
import { TracerProvider } from '@opentelemetry/sdk-trace';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import { createMcpInstrumentation } from '../../../../../src/instrumentation/mcp/instrumentation.js';
import type { McpHooks, McpHooksDependencies } from '../../../../../src/instrumentation/mcp/instrumentation.js';
import { SCOPE_NAME } from '../../../../../src/telemetry/scope.js';
import { systemClock } from '../../../../../src/time/clock.js';

/** Real SDK providers that keep book of every span started and ended, and of every request counted as open. */
export class Ledger {
  readonly #open = new Map<string, string>();
  readonly ended: ReadableSpan[] = [];
  endedCount = 0;
  readonly #exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #tracers: TracerProvider;
  readonly #meters: MeterProvider;

  /** `before` and `after` stand in the line of processors around the one that keeps the book. Without `keep`, spans are only counted. */
  constructor({
    before = [],
    after = [],
    keep = true,
  }: { readonly before?: SpanProcessor[]; readonly after?: SpanProcessor[]; readonly keep?: boolean } = {}) {
    const book: SpanProcessor = {
      onStart: (span) => void this.#open.set(span.spanContext().spanId, span.name),
      onEnd: (span) => {
        this.#open.delete(span.spanContext().spanId);
        this.endedCount += 1;
        if (keep) this.ended.push(span);
      },
      forceFlush: () => Promise.resolve(),
      shutdown: () => Promise.resolve(),
    };
    this.#tracers = new TracerProvider({ spanProcessors: [...before, book, ...after] });
    this.#meters = new MeterProvider({
      readers: [new PeriodicExportingMetricReader({ exporter: this.#exported, exportIntervalMillis: 3_600_000 })],
    });
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(
      new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
    );
  }

  get tracer(): Tracer {
    return this.#tracers.getTracer(SCOPE_NAME);
  }

  get meter(): Meter {
    return this.#meters.getMeter(SCOPE_NAME);
  }

  instrumentation(overrides: Partial<McpHooksDependencies> = {}): McpHooks {
    return createMcpInstrumentation({ tracer: this.tracer, meter: this.meter, propagation, clock: systemClock, ...overrides });
  }

  /** Names of spans that were started and not ended. */
  get open(): readonly string[] {
    return [...this.#open.values()];
  }

  /** Methods of which `handoff.mcp.*.active_requests` still counts some. */
  async counted(): Promise<readonly string[]> {
    const counted: string[] = [];
    for (const { descriptor, dataPointType, dataPoints } of await this.metrics()) {
      if (!descriptor.name.endsWith('.active_requests') || dataPointType !== DataPointType.SUM) continue;
      for (const { attributes, value } of dataPoints) if (value !== 0) counted.push(`${String(attributes['mcp.method.name'])}: ${value}`);
    }
    return counted;
  }

  async metrics(): Promise<readonly MetricData[]> {
    await this.#meters.forceFlush();
    return (this.#exported.getMetrics().at(-1)?.scopeMetrics ?? []).flatMap(({ metrics }) => metrics);
  }

  async dispose(): Promise<void> {
    context.disable();
    propagation.disable();
    await Promise.all([this.#tracers.shutdown(), this.#meters.shutdown()]);
  }
}
