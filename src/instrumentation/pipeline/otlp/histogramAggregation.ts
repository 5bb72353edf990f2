import type { AggregationSelector } from '@opentelemetry/sdk-metrics';
import type { SdkModules } from '../../sdk/sdkModules.js';
import type { HistogramAggregation } from '../../settings/metrics.js';

/** Maximum number of buckets for each sign, the specification's default. */
const MAX_SIZE = 160;

/**
 * Applies OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION, which the SDK does not read. This is only for metrics sent
 * by OTLP; the Prometheus endpoint keeps explicit buckets. An instrument with a view of its own keeps that view's aggregation.
 */
export function histogramAggregation(sdk: Pick<SdkModules, 'metrics'>, kind: HistogramAggregation): AggregationSelector {
  const { AggregationType, InstrumentType } = sdk.metrics;
  if (kind === 'explicit_bucket_histogram') return () => ({ type: AggregationType.DEFAULT });
  return (type) =>
    type === InstrumentType.HISTOGRAM
      ? { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: MAX_SIZE, recordMinMax: true } }
      : { type: AggregationType.DEFAULT };
}
