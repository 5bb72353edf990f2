import type { Attributes, Meter, MetricOptions, Observable } from '@opentelemetry/api';
import type { MetricDefinition } from '../../telemetry/catalogue/definitions.js';
import { pipelineMetrics } from '../../telemetry/catalogue/pipeline.js';
import type { PipelineMetrics } from '../../telemetry/catalogue/pipeline.js';
import { ATTR_ERROR_TYPE, ATTR_OTEL_COMPONENT_NAME, ATTR_OTEL_COMPONENT_TYPE, VALUE_OTHER } from '../../telemetry/semconv.js';
import type { BatchCounts, BatchDetails } from './batchCounts.js';
import type { OtlpProtocol } from '../settings/signals.js';

/** A queue of spans or log records; one that is not sent by OTLP has nothing to report. */
export interface ObservedQueue {
  counts(): BatchCounts | undefined;
  details?(): BatchDetails;
}

export interface SelfMetricsOptions {
  readonly meter: Meter;
  readonly spans: ObservedQueue;
  readonly records: ObservedQueue;
  readonly protocols: { readonly spans: OtlpProtocol; readonly records: OtlpProtocol };
}

const EXPORTERS: Readonly<Record<OtlpProtocol, string>> = {
  'http/protobuf': 'otlp_http',
  'http/json': 'otlp_http_json',
  grpc: 'otlp_grpc',
};

/**
 * Reports drops, queues and failed exports as metrics, by the conventions for SDKs that observe themselves.
 *
 * They are read from the counts when metrics are collected, so no span pays for them. None is reported twice:
 * OTEL_NODE_EXPERIMENTAL_SDK_METRICS enables other metrics in the SDK (spans started, collections), since its own batch
 * processors and HTTP exporters are not in use.
 */
export function observeQueues({ meter, spans, records, protocols }: SelfMetricsOptions): void {
  const logs = { processor: 'batching_log_processor', exporter: `${EXPORTERS[protocols.records]}_log_exporter` };
  observeQueue(meter, spans, pipelineMetrics.span, {
    processor: 'batching_span_processor',
    exporter: `${EXPORTERS[protocols.spans]}_span_exporter`,
  });
  observeQueue(meter, records, pipelineMetrics.log, logs);
}

function observeQueue(
  meter: Meter,
  queue: ObservedQueue,
  metrics: PipelineMetrics,
  types: { readonly processor: string; readonly exporter: string },
): void {
  if (queue.details === undefined) return;
  const processor = component(types.processor);
  const exporter = component(types.exporter);
  const processed = observable(meter, metrics.processed);
  const queueSize = observable(meter, metrics.queueSize);
  const queueCapacity = observable(meter, metrics.queueCapacity);
  const inflight = observable(meter, metrics.inflight);
  const exported = observable(meter, metrics.exported);
  meter.addBatchObservableCallback(
    (result) => {
      const counts = queue.counts();
      const details = queue.details?.();
      if (counts === undefined || details === undefined) return;
      const failed = (instrument: Observable, base: Attributes, type: string, count: number): void => {
        if (count > 0) result.observe(instrument, count, { ...base, [ATTR_ERROR_TYPE]: type });
      };
      result.observe(processed, counts.inFlight + counts.delivered + counts.failed, processor);
      failed(processed, processor, 'queue_full', details.queueFull);
      failed(processed, processor, 'already_shutdown', details.afterClose);
      failed(processed, processor, VALUE_OTHER, counts.dropped - details.queueFull - details.afterClose);
      result.observe(queueSize, counts.queued, processor);
      result.observe(queueCapacity, details.capacity, processor);
      result.observe(inflight, counts.inFlight, exporter);
      result.observe(exported, counts.delivered, exporter);
      for (const [type, count] of details.failures) failed(exported, exporter, type, count);
    },
    [processed, queueSize, queueCapacity, inflight, exported],
  );
}

function component(type: string): Attributes {
  return { [ATTR_OTEL_COMPONENT_TYPE]: type, [ATTR_OTEL_COMPONENT_NAME]: `${type}/0` };
}

function observable(meter: Meter, { name, kind, unit, description }: MetricDefinition): Observable {
  const options: MetricOptions = { unit, description };
  return kind === 'counter' ? meter.createObservableCounter(name, options) : meter.createObservableUpDownCounter(name, options);
}
