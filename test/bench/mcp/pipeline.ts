import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, ExportResultCode, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { DataPointType, MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ReadableSpan, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Sink } from './subject.js';

/** Collects when asked, sends nowhere. */
class IdleReader extends MetricReader {
  protected async onForceFlush(): Promise<void> {}
  protected async onShutdown(): Promise<void> {}
}

/** The end of the pipeline that every subject shares, for whoever builds a provider around it. */
export interface PipelineEnd {
  readonly sink: Sink;
  readonly spanProcessor: SpanProcessor;
  readonly metricReader: MetricReader;
}

/** A batch processor with an exporter that counts and drops, and a reader that collects when asked. */
export function createPipelineEnd(): PipelineEnd {
  const metricReader = new IdleReader();
  const exporter: SpanExporter = {
    export: (spans, done) => {
      take(sink, spans);
      done({ code: ExportResultCode.SUCCESS });
    },
    shutdown: async () => {},
  };
  const spanProcessor = new BatchSpanProcessor({ exporter });
  const sink: Sink = {
    spans: 0,
    keeping: false,
    kept: [],
    flush: () => spanProcessor.forceFlush(),
    points: () => collectPoints(metricReader),
  };
  return { sink, spanProcessor, metricReader };
}

/** Registers an SDK with that end globally, as a host does at its start. */
export function registerPipeline(): Sink {
  const { sink, spanProcessor, metricReader } = createPipelineEnd();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }));
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [spanProcessor] }));
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [metricReader] }));
  return sink;
}

function take(sink: Sink, spans: readonly ReadableSpan[]): void {
  sink.spans += spans.length;
  if (sink.keeping) sink.kept.push(...spans.map(({ name, attributes }) => ({ name, attributes })));
}

async function collectPoints(reader: MetricReader): Promise<Map<string, number>> {
  const { resourceMetrics } = await reader.collect();
  const counts = new Map<string, number>();
  for (const metric of resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics)) {
    const held =
      metric.dataPointType === DataPointType.HISTOGRAM
        ? metric.dataPoints.reduce((sum, { value }) => sum + value.count, 0)
        : metric.dataPoints.length;
    counts.set(metric.descriptor.name, (counts.get(metric.descriptor.name) ?? 0) + held);
  }
  return counts;
}
