import { ROOT_CONTEXT, SeverityNumber, SpanKind, SpanStatusCode, trace, ValueType } from '@opentelemetry/api';
import { OTLPLogExporter as JsonLogExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtoLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter as JsonMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtoMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { AggregationType, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

export interface Wire {
  readonly encoding: 'json' | 'protobuf';
  readonly gzip: boolean;
}

const resource = resourceFromAttributes({ 'service.name': 'sender', 'process.pid': 4242, 'host.load': 0.5, 'service.tags': ['a', 'b'] });

const exporterOptions = (url: string, wire: Wire) => ({
  url,
  compression: wire.gzip ? CompressionAlgorithm.GZIP : CompressionAlgorithm.NONE,
  timeoutMillis: 5_000,
});

/** A real tracer provider, batch processor and exporter aimed at `baseUrl`. */
export function spanSender(baseUrl: string, wire: Wire): TracerProvider {
  const Exporter = wire.encoding === 'json' ? JsonTraceExporter : ProtoTraceExporter;
  const exporter = new Exporter(exporterOptions(`${baseUrl}/v1/traces`, wire));
  return new TracerProvider({ resource, spanProcessors: [new BatchSpanProcessor({ exporter })] });
}

/** One trace: a SERVER root with an event and a failed CLIENT child that links back to it. */
export async function sendTrace(baseUrl: string, wire: Wire): Promise<void> {
  const provider = spanSender(baseUrl, wire);
  const tracer = provider.getTracer('test-scope', '1.2.3');
  const root = tracer.startSpan('tools/call add', { kind: SpanKind.SERVER, startTime: [1_767_225_600, 123_456_789] }, ROOT_CONTEXT);
  root.setAttributes({
    'a.string': 'ü ✓',
    'an.int': -7,
    'a.big': 2 ** 52,
    'a.double': 1.5,
    'a.bool': true,
    'a.list': ['x', 'y'],
    'an.empty': '',
  });
  root.addEvent('cache.miss', { key: 'k' }, [1_767_225_600, 124_000_000]);
  const child = tracer.startSpan(
    'INSERT sessions',
    {
      kind: SpanKind.CLIENT,
      startTime: [1_767_225_600, 125_000_000],
      links: [{ context: root.spanContext(), attributes: { why: 'test' } }],
    },
    trace.setSpan(ROOT_CONTEXT, root),
  );
  child.setStatus({ code: SpanStatusCode.ERROR, message: 'SQLSTATE 23505' });
  child.end([1_767_225_600, 126_500_000]);
  root.end([1_767_225_600, 133_456_790]);
  await provider.forceFlush();
  await provider.shutdown();
}

/** One instrument of each kind, with enough values to fill several buckets. */
export async function sendMetrics(baseUrl: string, wire: Wire): Promise<void> {
  const Exporter = wire.encoding === 'json' ? JsonMetricExporter : ProtoMetricExporter;
  const exporter = new Exporter(exporterOptions(`${baseUrl}/v1/metrics`, wire));
  const provider = new MeterProvider({
    resource,
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })],
    views: [{ instrumentName: 'test.exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } }],
  });
  const meter = provider.getMeter('test-scope', '1.2.3');
  const duration = meter.createHistogram('test.duration', {
    unit: 's',
    description: 'How long.',
    advice: { explicitBucketBoundaries: [0.01, 0.1, 1] },
  });
  for (const seconds of [0.005, 0.05, 0.06, 5]) duration.record(seconds, { 'mcp.method.name': 'tools/call' });
  const exponential = meter.createHistogram('test.exponential', { unit: 'ms' });
  for (const value of [1, 2, 4, 0]) exponential.record(value);
  meter.createCounter('test.calls', { unit: '{call}', valueType: ValueType.INT }).add(3, { tool: 'add' });
  meter.createUpDownCounter('test.active', { unit: '{request}' }).add(-2);
  meter.createGauge('test.load', { unit: '1' }).record(0.75);
  await provider.forceFlush();
  await provider.shutdown();
}

/** A record within a span and one outside, with nested attributes. */
export async function sendLogs(baseUrl: string, wire: Wire): Promise<void> {
  const Exporter = wire.encoding === 'json' ? JsonLogExporter : ProtoLogExporter;
  const exporter = new Exporter(exporterOptions(`${baseUrl}/v1/logs`, wire));
  const provider = new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter })] });
  const logger = provider.getLogger('test-scope', '1.2.3');
  const context = trace.setSpanContext(ROOT_CONTEXT, {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    traceFlags: 1,
  });
  logger.emit({
    context,
    timestamp: [1_767_225_600, 1_000],
    severityNumber: SeverityNumber.WARN,
    severityText: 'WARN',
    eventName: 'handoff.requested',
    body: 'handoff requested',
    attributes: { 'session.key': 's-1', nested: { list: [1, { deep: true }], bytes: new Uint8Array([0, 255]) } },
  });
  logger.emit({ context: ROOT_CONTEXT, severityNumber: SeverityNumber.INFO, severityText: 'INFO', body: { plain: 'object' } });
  await provider.forceFlush();
  await provider.shutdown();
}
