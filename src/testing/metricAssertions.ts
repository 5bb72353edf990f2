import { isDeepStrictEqual } from 'node:util';
import { matchesAttributes, type AttributeExpectations } from './attributeMatch.js';
import { describeMetricPoint } from './describe.js';
import type { HistogramPoint, MetricPoint } from './records.js';
import { mismatch } from './telemetryMismatchError.js';

/** What a data point must be; fields not given may be anything. */
export interface MetricQuery {
  readonly metric: string;
  readonly unit?: string;
  readonly kind?: MetricPoint['kind'];
  readonly attributes?: AttributeExpectations;
  /** Attributes of the sending process, such as `service.name`. */
  readonly resource?: AttributeExpectations;
}

/** All points that match, in the order given: a series exported three times gives three. */
export function findMetricPoints(points: readonly MetricPoint[], query: MetricQuery): readonly MetricPoint[] {
  return points.filter(
    (point) =>
      point.metric === query.metric &&
      (query.unit === undefined || point.unit === query.unit) &&
      (query.kind === undefined || point.kind === query.kind) &&
      matchesAttributes(point.attributes, query.attributes) &&
      matchesAttributes(point.resource.attributes, query.resource),
  );
}

/**
 * The newest point of each series (metric, attributes, resource). Right for cumulative data, which is what exporters send
 * unless told otherwise; with delta temporality the earlier points are lost.
 */
export function latestPoints<Point extends MetricPoint>(points: readonly Point[]): readonly Point[] {
  const bySeries = new Map<string, Point[]>();
  for (const point of points) {
    const series = bySeries.get(point.metric) ?? [];
    const known = series.findIndex((other) => isSameSeries(other, point));
    if (known < 0) series.push(point);
    else if (series[known] !== undefined && point.timeUnixNano >= series[known].timeUnixNano) series[known] = point;
    bySeries.set(point.metric, series);
  }
  return [...bySeries.values()].flat();
}

/** The newest point of the one series that matches. Throws TelemetryMismatchError when no series or more than one does. */
export function expectMetricPoint(points: readonly MetricPoint[], query: MetricQuery): MetricPoint {
  const matched = latestPoints(findMetricPoints(points, query));
  const [only] = matched;
  if (only === undefined || matched.length > 1) throw mismatch('metric series', query, matched, latestPoints(points), describeMetricPoint);
  return only;
}

/** The same for a histogram with explicit buckets; `count`, when given, must be the number of measurements in it. */
export function expectHistogramPoint(
  points: readonly MetricPoint[],
  query: Omit<MetricQuery, 'kind'> & { readonly count?: number },
): HistogramPoint {
  const matched = latestPoints(findMetricPoints(points, { ...query, kind: 'histogram' }).filter((point) => point.kind === 'histogram'));
  const [only] = matched;
  if (only === undefined || matched.length > 1 || (query.count !== undefined && only.count !== query.count)) {
    throw mismatch('histogram series', query, matched, latestPoints(points), describeMetricPoint);
  }
  return only;
}

const isSameSeries = (a: MetricPoint, b: MetricPoint): boolean =>
  isDeepStrictEqual(a.attributes, b.attributes) && isDeepStrictEqual(a.resource.attributes, b.resource.attributes);
