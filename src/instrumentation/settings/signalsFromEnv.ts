import { batchLimits, LOG_BATCH, SPAN_BATCH } from './batchLimits.js';
import type { Notify } from './env.js';
import { otlpReader } from './otelReader.js';
import type { EnvironmentSource, OtelReader } from './otelReader.js';
import type { MetricSettings, TraceSettings } from './otelSettings.js';
import { otlpFromEnv } from './otlpFromEnv.js';
import type { OtlpTarget } from './otlpTarget.js';
import type { Signal, SignalSettings } from './signals.js';

export function batchedSettings(source: EnvironmentSource, read: OtelReader, signal: 'traces' | 'logs'): TraceSettings {
  const prefix = signal === 'traces' ? 'OTEL_BSP' : 'OTEL_BLRP';
  const batch = batchLimits(
    {
      maxQueueSize: read.given(`${prefix}_MAX_QUEUE_SIZE`),
      maxBatchSize: read.given(`${prefix}_MAX_EXPORT_BATCH_SIZE`),
      scheduleDelayMs: read.given(`${prefix}_SCHEDULE_DELAY`),
    },
    signal === 'traces' ? SPAN_BATCH : LOG_BATCH,
  );
  const settings = signalSettings(source, read, signal);
  const target = settings.otlp ? targetOf(source, signal, settings, read.value(`${prefix}_EXPORT_TIMEOUT`)) : undefined;
  return { ...settings, outlets: target === undefined ? [] : [{ batch, target }] };
}

export function metricSettings(source: EnvironmentSource, read: OtelReader): MetricSettings {
  const settings = signalSettings(source, read, 'metrics');
  const intervalMs = read.value('OTEL_METRIC_EXPORT_INTERVAL');
  const push = {
    intervalMs,
    temporality: read.value('OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE'),
    histogram: read.value('OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION'),
    cardinality: {},
  };
  const target = settings.otlp ? targetOf(source, 'metrics', settings, pushTimeoutMs(read, intervalMs, source.notify)) : undefined;
  return { ...settings, pushes: [...(target === undefined ? [] : [{ ...push, target }]), ...(settings.console ? [push] : [])] };
}

function signalSettings(source: EnvironmentSource, read: OtelReader, signal: Signal): SignalSettings {
  const protocol = otlpReader(source, signal).value('OTEL_EXPORTER_OTLP_PROTOCOL');
  const key = `OTEL_${signal.toUpperCase() as Uppercase<Signal>}_EXPORTER` as const;
  const names: readonly string[] = read.value(key) ?? ['otlp'];
  if (names.includes('none')) return { otlp: false, console: false, protocol };
  const isPrinted = names.includes('console');
  if (isPrinted && source.stdio)
    source.notify(`${key}: console is refused, because on the stdio transport stdout carries only JSON-RPC. Use otlp.`);
  return { otlp: names.includes('otlp'), console: isPrinted && !source.stdio, protocol };
}

/** Returns the time limit for one export, which is never longer than the interval. */
function pushTimeoutMs(read: OtelReader, intervalMs: number, notify: Notify): number {
  const givenMs = read.given('OTEL_METRIC_EXPORT_TIMEOUT');
  if (givenMs !== undefined && givenMs > intervalMs)
    notify(`OTEL_METRIC_EXPORT_TIMEOUT: ${givenMs} must be at most the interval. ${intervalMs} is used.`);
  return Math.min(givenMs ?? read.value('OTEL_METRIC_EXPORT_TIMEOUT'), intervalMs);
}

/** Both time limits apply: that of the OTLP request with its retries, and that of the batch or the collection. */
function targetOf(source: EnvironmentSource, signal: Signal, { protocol }: SignalSettings, longestMs: number): OtlpTarget {
  const target = otlpFromEnv(source, otlpReader(source, signal), signal, protocol);
  return { ...target, timeoutMs: Math.min(target.timeoutMs, longestMs) };
}
