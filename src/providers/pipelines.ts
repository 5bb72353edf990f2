import type { LogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { IMetricReader, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { createSpanGuard } from '../telemetry/guard/spanGuard.js';
import type { Clock } from '../time/clock.js';
import type { BatchCounts } from './batcher.js';
import { LogPipeline } from './logPipeline.js';
import { createLogRecordEncoder } from './otlp/encode/logRecordEncoder.js';
import { createSpanEncoder } from './otlp/encode/spanEncoder.js';
import { createOtlpExporter } from './otlp/exporters.js';
import type { OtlpExporterOptions } from './otlp/exporters.js';
import { temporalityFromEnv } from './otlp/temporality.js';
import { createPushReader } from './pushReader.js';
import type { PushCounts } from './pushReader.js';
import type { SdkModules } from './sdkModules.js';
import type { Env } from './settings/env.js';
import type { TelemetrySettings } from './settings/resolve.js';
import { createSignalQueue } from './signalQueue.js';
import { SpanPipeline } from './spanPipeline.js';

/** One signal on its way out by OTLP: what the SDK feeds, and what we keep to flush, count and stop it. */
export interface Outlet<Fed, Counts> {
  /** For NodeSDK. */
  readonly feeds: readonly Fed[];
  /** Absent when the signal does not go out by OTLP. */
  readonly endpoint?: string;
  counts(): Counts | undefined;
  /** Sends what there is. Not bounded, never rejects. */
  flush(): Promise<void>;
  /** While the process waits to end. */
  setHurried(isHurried: boolean): void;
  close(): void;
}

export interface PipelineOptions {
  readonly sdk: SdkModules;
  readonly settings: TelemetrySettings;
  readonly resource: Resource;
  readonly env: Env;
  readonly clock: Clock;
  readonly random: () => number;
}

const nothing = { counts: () => undefined, flush: async () => {}, setHurried: () => {}, close: () => {} };

export function createSpanOutlet(options: PipelineOptions): Outlet<SpanProcessor, BatchCounts> {
  const { sdk, settings } = options;
  const { otlp, console: print } = settings.traces;
  const guard = createSpanGuard(settings);
  const printers = print ? [new sdk.trace.SimpleSpanProcessor({ exporter: new sdk.trace.ConsoleSpanExporter() })] : [];
  if (!otlp) return { ...nothing, feeds: print ? [new SpanPipeline(guard, undefined), ...printers] : [] };
  const queue = createSignalQueue(exporterOptions(options, 'traces'), settings.spanBatch, createSpanEncoder());
  return { ...queue, feeds: [new SpanPipeline(guard, queue), ...printers] };
}

export function createLogOutlet(options: PipelineOptions): Outlet<LogRecordProcessor, BatchCounts> {
  const { sdk, settings } = options;
  const { otlp, console: print } = settings.logs;
  const printers = print ? [new sdk.logs.SimpleLogRecordProcessor({ exporter: new sdk.logs.ConsoleLogRecordExporter() })] : [];
  if (!otlp) return { ...nothing, feeds: printers };
  const queue = createSignalQueue(exporterOptions(options, 'logs'), settings.logBatch, createLogRecordEncoder());
  return { ...queue, feeds: [new LogPipeline(queue), ...printers] };
}

export function createMetricOutlet(options: PipelineOptions): Outlet<IMetricReader, PushCounts> {
  const { sdk, settings, env } = options;
  const { otlp, console: print } = settings.metrics;
  const printers = print ? [new sdk.metrics.PeriodicExportingMetricReader({ exporter: new sdk.metrics.ConsoleMetricExporter() })] : [];
  if (!otlp) return { ...nothing, feeds: printers };
  const exporter = createOtlpExporter<ResourceMetrics>(exporterOptions(options, 'metrics'));
  const push = createPushReader({ sdk, intervalMs: settings.metricIntervalMs, temporality: temporalityFromEnv(sdk, env), send: (metrics) => exporter.send(metrics) });
  const { endpoint, setHurried, close } = exporter;
  return { feeds: [push.reader, ...printers], endpoint, counts: push.counts, flush: push.flush, setHurried, close };
}

function exporterOptions(options: PipelineOptions, signal: 'traces' | 'metrics' | 'logs'): OtlpExporterOptions {
  const { sdk, settings, resource, clock, random } = options;
  const { protocol } = settings[signal];
  // A connect in progress holds the process; no exit may wait longer for it than for a flush.
  return { sdk, signal, protocol, resource, clock, random, connectTimeoutMs: Math.max(settings.flushTimeoutMs, 100) };
}
