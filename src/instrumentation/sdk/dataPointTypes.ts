import type { DataPoint, ExponentialHistogramMetricData, HistogramMetricData, MetricData, SumMetricData } from '@opentelemetry/sdk-metrics';

/** Mirrors the SDK's `DataPointType`, whose module must not be loaded just for this. */
const dataPointTypes = { histogram: 0, exponentialHistogram: 1, sum: 3 } as const;

export function isHistogram(metric: MetricData): metric is HistogramMetricData {
  return (metric.dataPointType as number) === dataPointTypes.histogram;
}

export function isExponential(metric: MetricData): metric is ExponentialHistogramMetricData {
  return (metric.dataPointType as number) === dataPointTypes.exponentialHistogram;
}

export function isSum(metric: MetricData): metric is SumMetricData {
  return (metric.dataPointType as number) === dataPointTypes.sum;
}

/** The points of a metric, whatever their type. */
export function pointsOf(metric: MetricData): readonly DataPoint<unknown>[] {
  return metric.dataPoints;
}
