import { SpanKind, SpanStatusCode, propagation } from '@opentelemetry/api';
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
import { createMcpInstrumentation } from '../../../src/instrumentation/mcp/instrumentation.js';
import type { McpHooks } from '../../../src/instrumentation/mcp/instrumentation.js';
import type { McpOptions } from '../../../src/instrumentation/mcp/options.js';
import { systemClock } from '../../../src/time/clock.js';
import type { RecordedMetric, RecordedSpan, SideTelemetry } from './recorded.js';

const KINDS = {
  [SpanKind.INTERNAL]: 'internal',
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
} as const;
const STATUSES = { [SpanStatusCode.UNSET]: 'unset', [SpanStatusCode.OK]: 'ok', [SpanStatusCode.ERROR]: 'error' } as const;

/** Real SDK providers of one side of a connection, with an instrumentation that writes into them. */
export class Recorder {
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: this.#spans })] });
  readonly #meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: 3_600_000 })],
  });
  readonly instrumentation: McpHooks;

  constructor(options: McpOptions = {}) {
    this.instrumentation = createMcpInstrumentation({
      tracer: this.#tracerProvider.getTracer('conventions'),
      meter: this.#meterProvider.getMeter('conventions'),
      propagation,
      clock: systemClock,
      options,
    });
  }

  get finishedSpans(): number {
    return this.#spans.getFinishedSpans().length;
  }

  async read(): Promise<SideTelemetry> {
    await this.#meterProvider.forceFlush();
    const scopes = this.#metrics.getMetrics().at(-1)?.scopeMetrics ?? [];
    return { spans: this.#spans.getFinishedSpans().map(toSpan), metrics: scopes.flatMap((scope) => scope.metrics.map(toMetric)) };
  }

  async dispose(): Promise<void> {
    this.instrumentation.disable();
    await Promise.all([this.#tracerProvider.shutdown(), this.#meterProvider.shutdown()]);
  }
}

function toSpan(span: ReadableSpan): RecordedSpan {
  return {
    name: span.name,
    kind: KINDS[span.kind],
    attributes: span.attributes,
    status: STATUSES[span.status.code],
    description: span.status.message,
    spanId: span.spanContext().spanId,
    parentId: span.parentSpanContext?.spanId,
  };
}

function toMetric(metric: MetricData): RecordedMetric {
  const { name, unit } = metric.descriptor;
  if (metric.dataPointType !== DataPointType.HISTOGRAM) {
    return { name, unit, instrument: 'other', points: [] };
  }
  const points = metric.dataPoints.map(({ attributes, value }) => ({
    attributes,
    count: value.count,
    sum: value.sum ?? 0,
    boundaries: value.buckets.boundaries,
  }));
  return { name, unit, instrument: 'histogram', points };
}
