import { context } from '@opentelemetry/api';
import type { Meter, Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import type { MetricData } from '@opentelemetry/sdk-metrics';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { Log } from '../../../src/telemetry/log.js';

export interface LoggedRecord {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** Real SDK providers that keep everything in memory, and a log that does the same. */
export class Recording {
  readonly #spans = new InMemorySpanExporter();
  readonly #metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #tracerProvider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: this.#spans })] });
  readonly #meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: this.#metrics, exportIntervalMillis: 3_600_000 })],
  });
  readonly records: LoggedRecord[] = [];
  readonly tracer: Tracer = this.#tracerProvider.getTracer('test');
  readonly meter: Meter = this.#meterProvider.getMeter('test');
  readonly log: Log;

  constructor() {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const level = (name: LoggedRecord['level']) => (fields: object, message: string) => {
      this.records.push({ level: name, fields: fields as LoggedRecord['fields'], message });
    };
    this.log = { info: level('info'), warn: level('warn'), error: level('error') };
  }

  get spans(): readonly ReadableSpan[] {
    return this.#spans.getFinishedSpans();
  }

  /** The metrics recorded so far. */
  async metrics(): Promise<readonly MetricData[]> {
    await this.#meterProvider.forceFlush();
    const collected =
      this.#metrics
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
    this.#metrics.reset();
    return collected;
  }

  async dispose(): Promise<void> {
    context.disable();
    await Promise.all([this.#tracerProvider.shutdown(), this.#meterProvider.shutdown()]);
  }
}
