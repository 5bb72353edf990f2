import type { OtlpTarget } from './otlpTarget.js';

export type Temporality = 'cumulative' | 'delta' | 'lowmemory';
export type HistogramAggregation = 'explicit_bucket_histogram' | 'base2_exponential_bucket_histogram';
export type ExemplarFilter = 'always_on' | 'always_off' | 'trace_based';

export type InstrumentKind =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'observable_counter'
  | 'observable_gauge'
  | 'observable_up_down_counter'
  | 'up_down_counter';

export const INSTRUMENT_KINDS: readonly InstrumentKind[] = [
  'counter',
  'gauge',
  'histogram',
  'observable_counter',
  'observable_gauge',
  'observable_up_down_counter',
  'up_down_counter',
];

/**
 * Attribute sets kept per instrument; further ones are summed up in one with `otel.metric.overflow`. Default 2000 (the
 * specification's).
 */
export type CardinalityLimits = Readonly<Partial<Record<InstrumentKind | 'default', number>>>;

/** How a reader aggregates the instruments. */
export interface AggregationSettings {
  readonly temporality: Temporality;
  readonly histogram: HistogramAggregation;
  readonly cardinality: CardinalityLimits;
}

/** How all metrics are sent or printed at intervals. */
export interface PushSettings extends AggregationSettings {
  readonly intervalMs: number;
  /** When absent, metrics are printed to stdout. */
  readonly target?: OtlpTarget;
}

export const DEFAULT_INTERVAL_MS = 60_000;
/** The specification's default for one collection and export of metrics. */
export const DEFAULT_PUSH_TIMEOUT_MS = 30_000;
