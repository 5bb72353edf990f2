import type * as MetricsExporter from '@opentelemetry/exporter-metrics-otlp-http';
import type { AggregationTemporalitySelector } from '@opentelemetry/sdk-metrics';
import type { SdkModules } from '../sdkModules.js';
import { textFromEnv } from '../settings/env.js';
import type { Env } from '../settings/env.js';

/** OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: cumulative (default, what Prometheus needs), delta or lowmemory. */
export function temporalityFromEnv(sdk: SdkModules, env: Env): AggregationTemporalitySelector {
  const exporter = sdk.load('@opentelemetry/exporter-metrics-otlp-http') as typeof MetricsExporter;
  switch (textFromEnv(env, 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE')?.toLowerCase()) {
    case 'delta':
      return exporter.DeltaTemporalitySelector;
    case 'lowmemory':
      return exporter.LowMemoryTemporalitySelector;
    default:
      return exporter.CumulativeTemporalitySelector;
  }
}
