import type { TelemetryStore } from '../../../src/testing/telemetryStore.js';
import type { ItemKind } from './takings.js';

/** What the collectors at one seat counted, all of them together, in items of one kind. */
export interface CollectorLedger {
  readonly accepted: number;
  readonly refused: number;
  readonly sent: number;
  /** A back end refused for good. */
  readonly sendFailed: number;
  /** The queue was full. */
  readonly enqueueFailed: number;
}

/** Every collector's own metrics bear this name. */
const OWN_NAME = /^otelcol/;

/**
 * Adds up the last value of each counter that each collector sent. A collector that was stopped has sent its last
 * values; what a killed one counted since its last report is missing.
 */
export function collectorLedger(store: TelemetryStore, kind: ItemKind): CollectorLedger {
  const last = new Map<string, number>();
  const of: Record<string, number> = {};
  for (const point of store.metricPoints.list()) {
    const { attributes } = point.resource;
    if (point.kind !== 'sum' || !OWN_NAME.test(point.metric) || !point.metric.endsWith(`_${kind}`)) continue;
    const series = [
      point.metric,
      JSON.stringify(attributes['service.instance.id']),
      JSON.stringify(Object.entries(point.attributes).toSorted()),
    ];
    last.set(series.join(' '), point.value);
  }
  for (const [series, value] of last) {
    const metric = series.split(' ', 1)[0] ?? '';
    of[metric] = (of[metric] ?? 0) + value;
  }
  const read = (name: string): number => of[`otelcol_${name}_${kind}`] ?? 0;
  return {
    accepted: read('receiver_accepted'),
    refused: read('receiver_refused') + read('receiver_failed'),
    sent: read('exporter_sent'),
    sendFailed: read('exporter_send_failed'),
    enqueueFailed: read('exporter_enqueue_failed'),
  };
}
