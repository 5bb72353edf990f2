import type { Attributes, BatchObservableCallback, Meter, MetricOptions, Observable } from '@opentelemetry/api';
import { expect, it } from 'vitest';
import { observeQueues } from '../../../../src/instrumentation/pipeline/queueMetrics.js';
import type { ObservedQueue } from '../../../../src/instrumentation/pipeline/queueMetrics.js';

/** What is observed of these queues: name of the metric, value, attributes. */
function observed(spans: ObservedQueue, records: ObservedQueue): (readonly [string, number, Attributes])[] {
  const names = new Map<Observable, string>();
  const callbacks: BatchObservableCallback[] = [];
  const create = (name: string, _options?: MetricOptions): Observable => {
    const instrument = { addCallback: () => undefined, removeCallback: () => undefined };
    names.set(instrument, name);
    return instrument;
  };
  const meter = {
    createObservableCounter: create,
    createObservableUpDownCounter: create,
    addBatchObservableCallback: (callback: BatchObservableCallback) => callbacks.push(callback),
  } as unknown as Meter;
  observeQueues({ meter, spans, records, protocols: { spans: 'grpc', records: 'http/json' } });
  const points: (readonly [string, number, Attributes])[] = [];
  const observe = (instrument: Observable, value: number, attributes: Attributes = {}): number =>
    points.push([names.get(instrument) ?? '', value, attributes]);
  for (const callback of callbacks) void callback({ observe });
  return points;
}

const counts = { made: 100, queued: 5, inFlight: 10, delivered: 60, failed: 7, dropped: 18 };
const details = { failures: new Map([['503', 7]]), queueFull: 9, afterClose: 3, capacity: 2048 };
const component = (type: string): Attributes => ({ 'otel.component.type': type, 'otel.component.name': `${type}/0` });

it('what was dropped is told by its reason, each item once, beside what was processed, waits and was exported', () => {
  const points = observed({ counts: () => counts, details: () => details }, { counts: () => counts });
  const processor = component('batching_span_processor');
  const exporter = component('otlp_grpc_span_exporter');
  expect(points).toEqual([
    ['otel.sdk.processor.span.processed', 77, processor],
    ['otel.sdk.processor.span.processed', 9, { ...processor, 'error.type': 'queue_full' }],
    ['otel.sdk.processor.span.processed', 3, { ...processor, 'error.type': 'already_shutdown' }],
    // Those that could not be encoded.
    ['otel.sdk.processor.span.processed', 6, { ...processor, 'error.type': '_OTHER' }],
    ['otel.sdk.processor.span.queue.size', 5, processor],
    ['otel.sdk.processor.span.queue.capacity', 2048, processor],
    ['otel.sdk.exporter.span.inflight', 10, exporter],
    ['otel.sdk.exporter.span.exported', 60, exporter],
    ['otel.sdk.exporter.span.exported', 7, { ...exporter, 'error.type': '503' }],
  ]);
});

it('a queue that is not sent by OTLP, or has not begun, has nothing to tell', () => {
  expect(observed({ counts: () => counts }, { counts: () => undefined, details: () => details })).toEqual([]);
});

it('nothing is told of reasons for which nothing was dropped, and the component says what sends', () => {
  const none = { ...details, failures: new Map(), queueFull: 0, afterClose: 0 };
  const points = observed({ counts: () => undefined }, { counts: () => ({ ...counts, dropped: 0 }), details: () => none });
  expect(points.filter(([, , attributes]) => 'error.type' in attributes)).toEqual([]);
  expect(new Set(points.map(([, , attributes]) => attributes['otel.component.type']))).toEqual(
    new Set(['batching_log_processor', 'otlp_http_json_log_exporter']),
  );
});
