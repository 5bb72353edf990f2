import type { AggregationSelector } from '@opentelemetry/sdk-metrics';
import type { SdkModules } from '../../sdk/sdkModules.js';
import type { HistogramAggregation } from '../../settings/metrics.js';

/** Most buckets for each sign, the specification's default. */
const MAX_SIZE = 160;

/**
 * What the SDK does not read from OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION. Only for what goes out by OTLP;
 * the Prometheus endpoint keeps explicit buckets. An instrument with a view of its own keeps what that says.
 */
export function histogramAggregation(sdk: Pick<SdkModules, 'metrics'>, kind: HistogramAggregation): AggregationSelector {
  const { AggregationType, InstrumentType } = sdk.metrics;
  if (kind === 'explicit_bucket_histogram') return () => ({ type: AggregationType.DEFAULT });
  return (type) =>
    type === InstrumentType.HISTOGRAM
      ? { type: AggregationType.EXPONENTIAL_HISTOGRAM, options: { maxSize: MAX_SIZE, recordMinMax: true } }
      : { type: AggregationType.DEFAULT };
}
