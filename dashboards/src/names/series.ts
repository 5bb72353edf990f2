import type { MetricDefinition } from '../../../src/telemetry/catalogue/definitions.js';
import { promName } from '../../../src/telemetry/promName.js';

/** Returns the name that a metric of the catalogue has in Prometheus. A histogram has no series of this name: see the other three. */
export function seriesName({ name, unit, kind }: MetricDefinition): string {
  return promName(name, unit, kind);
}

/** Returns the name of a histogram's buckets. Throws a `TypeError` for any other kind of metric. */
export function bucketSeries(metric: MetricDefinition): string {
  return partOf(metric, 'bucket');
}

/** Returns the name of a histogram's number of points. Throws a `TypeError` for any other kind of metric. */
export function countSeries(metric: MetricDefinition): string {
  return partOf(metric, 'count');
}

/** Returns the name of a histogram's sum of values. Throws a `TypeError` for any other kind of metric. */
export function sumSeries(metric: MetricDefinition): string {
  return partOf(metric, 'sum');
}

/**
 * Returns the Prometheus label of an OpenTelemetry attribute, by the rules of Prometheus' OTLP translation. A name that is a label
 * already stays as it is.
 */
export function labelName(attributeKey: string): string {
  const name = attributeKey.replace(/[^A-Za-z0-9_]/g, '_');
  if (/^\d/.test(name)) return `key_${name}`;
  return /^_(?!_)/.test(name) ? `key${name}` : name;
}

function partOf(metric: MetricDefinition, part: 'bucket' | 'count' | 'sum'): string {
  if (metric.kind === 'histogram') return `${seriesName(metric)}_${part}`;
  throw new TypeError(`${metric.name} is a ${metric.kind} and has no _${part}: use seriesName().`);
}
