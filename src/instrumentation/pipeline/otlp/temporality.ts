import type { AggregationTemporalitySelector, IMetricReader } from '@opentelemetry/sdk-metrics';
import type { SdkModules } from '../../sdk/sdkModules.js';
import type { CardinalityLimits, InstrumentKind, Temporality } from '../../settings/metrics.js';

/** The specification's default. */
const DEFAULT_CARDINALITY = 2000;

/**
 * `cumulative` is what Prometheus needs. With `delta`, counters and histograms report the change since the last export. With
 * `lowmemory`, only those without a callback do, and so they need not remember what they reported.
 */
export function temporalitySelector(
  { metrics: { AggregationTemporality, InstrumentType } }: Pick<SdkModules, 'metrics'>,
  temporality: Temporality,
): AggregationTemporalitySelector {
  const since: readonly unknown[] = {
    cumulative: [],
    delta: [
      InstrumentType.COUNTER,
      InstrumentType.OBSERVABLE_COUNTER,
      InstrumentType.HISTOGRAM,
      InstrumentType.GAUGE,
      InstrumentType.OBSERVABLE_GAUGE,
    ],
    lowmemory: [InstrumentType.COUNTER, InstrumentType.HISTOGRAM],
  }[temporality];
  return (type) => (since.includes(type) ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE);
}

/** Returns `undefined` when no limit was set. */
export function cardinalitySelector(
  { metrics: { InstrumentType } }: Pick<SdkModules, 'metrics'>,
  limits: CardinalityLimits,
): IMetricReader['selectCardinalityLimit'] | undefined {
  if (Object.keys(limits).length === 0) return undefined;
  const kinds: Readonly<Record<InstrumentKind, unknown>> = {
    counter: InstrumentType.COUNTER,
    gauge: InstrumentType.GAUGE,
    histogram: InstrumentType.HISTOGRAM,
    observable_counter: InstrumentType.OBSERVABLE_COUNTER,
    observable_gauge: InstrumentType.OBSERVABLE_GAUGE,
    observable_up_down_counter: InstrumentType.OBSERVABLE_UP_DOWN_COUNTER,
    up_down_counter: InstrumentType.UP_DOWN_COUNTER,
  };
  const byType = new Map(Object.entries(kinds).map(([kind, type]) => [type, limits[kind as InstrumentKind]]));
  return (type) => byType.get(type) ?? limits.default ?? DEFAULT_CARDINALITY;
}
