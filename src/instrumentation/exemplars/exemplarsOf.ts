import type { Attributes, HrTime } from '@opentelemetry/api';
import type { DataPoint, Histogram, MetricData, ResourceMetrics, ViewOptions } from '@opentelemetry/sdk-metrics';
import { isHistogram, pointsOf } from '../sdk/dataPointTypes.js';
import type { Measurement, Reservoir } from './reservoir.js';
import type { Reservoirs } from './reservoirs.js';

/** An example of what a data point counted. It has no attributes: those that a view removed must not be exported this way. */
export type Exemplar = Readonly<Omit<Measurement, 'attributes'>>;

/** The exemplars of a collection by data point, in chronological order. */
export type PointExemplars = ReadonlyMap<DataPoint<unknown>, readonly Exemplar[]>;

/** Where the SDK puts what exceeds its limit of series. */
const OVERFLOW = seriesKey({ 'otel.metric.overflow': true });

/**
 * Finds the recorded measurements that belong to what was collected, at most one per bucket and point: the latest.
 *
 * A measurement belongs to the point whose attributes are its own (after the views), if it was made in the time the point covers.
 * That keeps delta points to their interval, and lets cumulative ones show the latest example of each bucket again and again, as
 * the specification allows and Prometheus' own clients do. Nothing is used up, so several readers do not take each other's
 * exemplars.
 */
export function exemplarsOf(collected: ResourceMetrics, reservoirs: Reservoirs): PointExemplars {
  const found = new Map<DataPoint<unknown>, readonly Exemplar[]>();
  for (const { scope, metrics } of collected.scopeMetrics) {
    for (const metric of metrics) {
      try {
        for (const { reservoir, view } of reservoirs.streams(scope, metric)) {
          const measurements = reservoir.measurements();
          if (measurements.length > 0) match(metric, reservoir, bySeries(measurements, view), found);
        }
      } catch {
        // A name that is not a string, or attributes that have become unreadable since: the metric is exported without exemplars.
      }
    }
  }
  return found;
}

function match(
  metric: MetricData,
  reservoir: Reservoir,
  series: Map<string, Measurement[]>,
  found: Map<DataPoint<unknown>, readonly Exemplar[]>,
): void {
  let overflow: DataPoint<unknown> | undefined;
  for (const point of pointsOf(metric)) {
    const key = seriesKey(point.attributes);
    if (key === OVERFLOW) overflow = point;
    const candidates = series.get(key);
    if (candidates === undefined) continue;
    series.delete(key);
    add(metric, point, reservoir, candidates, found);
  }
  // Measurements without a point of their own were counted in this one.
  if (overflow !== undefined) add(metric, overflow, reservoir, [...series.values()].flat(), found);
}

function add(
  metric: MetricData,
  point: DataPoint<unknown>,
  reservoir: Reservoir,
  candidates: readonly Measurement[],
  found: Map<DataPoint<unknown>, readonly Exemplar[]>,
): void {
  const latest = new Map<number, Measurement>();
  for (const one of candidates) {
    if (!isWithin(one, point) || !isCounted(one, metric, point)) continue;
    const bucket = reservoir.bucketOf(one.value);
    const known = latest.get(bucket);
    if (known === undefined || one.timeMs > known.timeMs) latest.set(bucket, one);
  }
  if (latest.size === 0) return;
  // Copies: the reservoir overwrites its own while an export is in flight.
  const exemplars = [...latest.values()].map(({ value, traceId, spanId, timeMs }) => ({ value, traceId, spanId, timeMs }));
  found.set(
    point,
    exemplars.toSorted((a, b) => a.timeMs - b.timeMs || a.value - b.value),
  );
}

function isWithin({ timeMs }: Measurement, { startTime, endTime }: DataPoint<unknown>): boolean {
  return timeMs >= wholeMs(startTime) && timeMs <= wholeMs(endTime);
}

/** Whether the bucket has counted anything: a measurement may be made between the SDK's snapshot and ours. */
function isCounted({ value }: Measurement, metric: MetricData, point: DataPoint<unknown>): boolean {
  if (!isHistogram(metric)) return true;
  const { boundaries, counts } = (point as DataPoint<Histogram>).value.buckets;
  const above = boundaries.findIndex((bound) => value <= bound);
  return (counts[above === -1 ? boundaries.length : above] ?? 0) > 0;
}

function bySeries(measurements: readonly Measurement[], view: ViewOptions | undefined): Map<string, Measurement[]> {
  const processors = view?.attributesProcessors ?? [];
  const series = new Map<string, Measurement[]>();
  for (const one of measurements) {
    const key = seriesKey(processors.reduce<Attributes>((attributes, processor) => processor.process(attributes), one.attributes));
    const known = series.get(key);
    if (known === undefined) series.set(key, [one]);
    else known.push(one);
  }
  return series;
}

function seriesKey(attributes: Attributes): string {
  // Not `toSorted`: this runs when the file is loaded, which Node 18 does before it is reported as too old.
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function wholeMs([seconds, nanoseconds]: HrTime): number {
  return seconds * 1000 + Math.floor(nanoseconds / 1e6);
}
