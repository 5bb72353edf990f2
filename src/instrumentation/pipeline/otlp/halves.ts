import type { MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';

/**
 * Divides a collection in two with as many points each, for a receiver that takes no request of the size of both together.
 *
 * @returns `undefined` if it has fewer than two points
 */
export function halvesOf(collected: ResourceMetrics): readonly [ResourceMetrics, ResourceMetrics] | undefined {
  const points = collected.scopeMetrics.reduce(
    (sum, { metrics }) => metrics.reduce((part, metric) => part + metric.dataPoints.length, sum),
    0,
  );
  if (points < 2) return undefined;
  const middle = Math.floor(points / 2);
  return [between(collected, 0, middle), between(collected, middle, points)];
}

/** The points from number `from` up to but without number `to`, with the metrics and scopes that they belong to. */
function between({ resource, scopeMetrics }: ResourceMetrics, from: number, to: number): ResourceMetrics {
  let seen = 0;
  const part = (metric: MetricData): MetricData[] => {
    const start = seen;
    seen += metric.dataPoints.length;
    const dataPoints = start >= to ? [] : metric.dataPoints.slice(Math.max(0, from - start), to - start);
    return dataPoints.length === 0 ? [] : [{ ...metric, dataPoints } as MetricData];
  };
  const scopes = scopeMetrics.map(({ scope, metrics }) => ({ scope, metrics: metrics.flatMap(part) }));
  return { resource, scopeMetrics: scopes.filter(({ metrics }) => metrics.length > 0) };
}
