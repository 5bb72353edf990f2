import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { IMetricReader, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { createSpanGuard } from '../../telemetry/guard/spanGuard.js';
import type { Clock } from '../../time/clock.js';
import type { BatchCounts } from './batchCounts.js';
import { combineOutlets } from './combineOutlets.js';
import type { Exemplars } from '../exemplars/exemplars.js';
import type { PointExemplars } from '../exemplars/exemplarsOf.js';
import { LogPipeline } from './logPipeline.js';
import type { Outlet } from './outlet.js';
import { createLogRecordEncoder } from './otlp/encode/logRecordEncoder.js';
import { createMetricsEncoder } from './otlp/encode/metricsRequest.js';
import { createSpanEncoder } from './otlp/encode/spanEncoder.js';
import { createOtlpExporter } from './otlp/exporters.js';
import type { OtlpExporterOptions } from './otlp/exporters.js';
import { halvesOf } from './otlp/halves.js';
import { histogramAggregation } from './otlp/histogramAggregation.js';
import { cardinalitySelector, temporalitySelector } from './otlp/temporality.js';
import { createPushReader } from './pushReader.js';
import type { PushCounts } from './pushReader.js';
import type { SdkModules } from '../sdk/sdkModules.js';
import type { PushSettings } from '../settings/metrics.js';
import type { OtlpTarget } from '../settings/otlpTarget.js';
import type { TelemetrySettings } from '../settings/resolve.js';
import type { Signal } from '../settings/signals.js';
import { createSignalQueue } from './signalQueue.js';
import { SpanPipeline } from './spanPipeline.js';

export interface PipelineOptions {
  readonly sdk: SdkModules;
  readonly settings: TelemetrySettings;
  readonly resource: Resource;
  readonly clock: Clock;
  readonly random: () => number;
}

const nothing = { counts: () => undefined, flush: async () => {}, setHurried: () => {}, close: () => {} };

/** Each receiver has its own queue; one guard comes before all of them. */
export function createSpanOutlet(options: PipelineOptions): Outlet<SpanProcessor, BatchCounts> {
  const { sdk, settings } = options;
  const { outlets, console: print } = settings.traces;
  if (outlets.length === 0 && !print) return { ...nothing, feeds: [] };
  const queues = outlets.map(({ target, batch }) =>
    createSignalQueue(exporterOptions(options, 'traces', target), batch, createSpanEncoder()),
  );
  const printers = print ? [new sdk.trace.SimpleSpanProcessor({ exporter: new sdk.trace.ConsoleSpanExporter() })] : [];
  const [first, ...others] = queues;
  const guarded: Outlet<SpanProcessor, BatchCounts> = {
    ...(first ?? nothing),
    feeds: [new SpanPipeline(createSpanGuard(settings), first)],
  };
  const further = others.map((queue) => ({ ...queue, feeds: [new SpanPipeline(() => {}, queue)] }));
  return combineOutlets([guarded, ...further, ...(printers.length === 0 ? [] : [{ ...nothing, feeds: printers }])]);
}

export function createLogOutlet(options: PipelineOptions): Outlet<LogRecordProcessor, BatchCounts> {
  const { sdk, settings } = options;
  const { outlets, console: print } = settings.logs;
  const queues = outlets.map(({ target, batch }) =>
    createSignalQueue(exporterOptions(options, 'logs', target), batch, createLogRecordEncoder()),
  );
  const printers = print ? [new sdk.logs.SimpleLogRecordProcessor({ exporter: new sdk.logs.ConsoleLogRecordExporter() })] : [];
  return combineOutlets<LogRecordProcessor, BatchCounts>([
    ...queues.map((queue) => ({ ...queue, feeds: [new LogPipeline(queue)] })),
    ...(printers.length === 0 ? [] : [{ ...nothing, feeds: printers }]),
  ]);
}

export function createMetricOutlet(options: PipelineOptions, exemplars: Exemplars): Outlet<IMetricReader, PushCounts> {
  return combineOutlets(
    options.settings.metrics.pushes.map((push) =>
      push.target === undefined ? createPrinter(options, push) : createPush(options, push, push.target, exemplars),
    ),
  );
}

interface WithExemplars {
  readonly collected: ResourceMetrics;
  readonly exemplars: PointExemplars;
}

function createPush(
  options: PipelineOptions,
  push: PushSettings,
  target: OtlpTarget,
  exemplars: Exemplars,
): Outlet<IMetricReader, PushCounts> {
  const { sdk, settings } = options;
  const encode = createMetricsEncoder();
  const exporter = createOtlpExporter<WithExemplars>(
    exporterOptions(options, 'metrics', target),
    (payload) => encode(payload.collected, payload.exemplars),
    (payload) => {
      const halves = halvesOf(payload.collected);
      // Exemplars are found in the whole: what has no point of its own belongs to the one that stands for the rest.
      return halves === undefined
        ? undefined
        : [
            { ...payload, collected: halves[0] },
            { ...payload, collected: halves[1] },
          ];
    },
  );
  const cardinality = cardinalitySelector(sdk, push.cardinality);
  const pushReader = createPushReader({
    sdk,
    intervalMs: push.intervalMs,
    temporality: temporalitySelector(sdk, push.temporality),
    aggregation: histogramAggregation(sdk, push.histogram),
    ...(cardinality === undefined ? {} : { cardinality }),
    flushTimeoutMs: settings.flushTimeoutMs,
    send: (collected) => exporter.send({ collected, exemplars: exemplars.of(collected) }),
  });
  const { endpoint, setHurried, close } = exporter;
  const { reader, counts, failures, flush } = pushReader;
  return { feeds: [reader], endpoint, counts, failures, flush, setHurried, close };
}

/** It is flushed like the rest; otherwise what was counted since the last interval would never be printed. */
function createPrinter({ sdk }: PipelineOptions, { intervalMs, temporality, histogram }: PushSettings): Outlet<IMetricReader, PushCounts> {
  const selectAggregation = histogramAggregation(sdk, histogram);
  const exporter = Object.assign(new sdk.metrics.ConsoleMetricExporter({ temporalitySelector: temporalitySelector(sdk, temporality) }), {
    selectAggregation,
  });
  const reader = new sdk.metrics.PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: intervalMs,
    exportTimeoutMillis: Math.min(intervalMs, 30_000),
  });
  return { ...nothing, feeds: [reader], flush: () => reader.forceFlush().catch(() => undefined) };
}

function exporterOptions(options: PipelineOptions, signal: Signal, target: OtlpTarget): OtlpExporterOptions {
  const { sdk, settings, resource, clock, random } = options;
  // A connection attempt holds the process; no exit may wait longer for it than for a flush.
  return {
    sdk,
    signal,
    target,
    protocol: encodingOf(target),
    resource,
    clock,
    random,
    connectTimeoutMs: Math.max(settings.flushTimeoutMs, 100),
  };
}

/** gRPC carries what HTTP carries as protobuf. */
function encodingOf({ protocol }: OtlpTarget): 'http/protobuf' | 'http/json' {
  return protocol === 'grpc' ? 'http/protobuf' : protocol;
}
