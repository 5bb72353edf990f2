import { integerFromEnv, textFromEnv } from './env.js';
import type { Env, Notify } from './env.js';
import { MAX_TIMER_MS } from './otlpTarget.js';
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

/** Attribute sets kept per instrument; what comes on top is summed up in one with `otel.metric.overflow`. Default 2000 (the specification's). */
export type CardinalityLimits = Readonly<Partial<Record<InstrumentKind | 'default', number>>>;

/** What a reader makes of the instruments. */
export interface AggregationSettings {
  readonly temporality: Temporality;
  readonly histogram: HistogramAggregation;
  readonly cardinality: CardinalityLimits;
}

/** All metrics, sent or printed at intervals. */
export interface PushSettings extends AggregationSettings {
  readonly intervalMs: number;
  /** Absent: printed to stdout. */
  readonly target?: OtlpTarget;
}

const TEMPORALITIES: readonly Temporality[] = ['cumulative', 'delta', 'lowmemory'];
const HISTOGRAMS: readonly HistogramAggregation[] = ['explicit_bucket_histogram', 'base2_exponential_bucket_histogram'];
const FILTERS: readonly ExemplarFilter[] = ['trace_based', 'always_on', 'always_off'];

export const DEFAULT_INTERVAL_MS = 60_000;
/** The specification's default for one collection and export of metrics. */
export const DEFAULT_PUSH_TIMEOUT_MS = 30_000;

export function intervalFromEnv(env: Env, notify: Notify): number {
  return integerFromEnv(env, 'OTEL_METRIC_EXPORT_INTERVAL', { min: 1, max: MAX_TIMER_MS }, notify) ?? DEFAULT_INTERVAL_MS;
}

/** OTEL_METRIC_EXPORT_TIMEOUT, never longer than the interval. */
export function pushTimeoutFromEnv(env: Env, intervalMs: number, notify: Notify): number {
  const given = integerFromEnv(env, 'OTEL_METRIC_EXPORT_TIMEOUT', { min: 1, max: MAX_TIMER_MS }, notify);
  if (given !== undefined && given > intervalMs)
    notify(`OTEL_METRIC_EXPORT_TIMEOUT=${given} is longer than the interval; ${intervalMs} is used.`);
  return Math.min(given ?? DEFAULT_PUSH_TIMEOUT_MS, intervalMs);
}

export function aggregationFromEnv(env: Env, notify: Notify): AggregationSettings {
  return {
    temporality: oneOf(env, 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE', TEMPORALITIES, notify),
    histogram: oneOf(env, 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION', HISTOGRAMS, notify),
    cardinality: {},
  };
}

/** Which points may carry an exemplar. Default `trace_based`: those made within a sampled span. */
export function exemplarFilterFromEnv(env: Env, notify: Notify): ExemplarFilter {
  return oneOf(env, 'OTEL_METRICS_EXEMPLAR_FILTER', FILTERS, notify);
}

/** One of a fixed set in any case; the first is the default. */
function oneOf<T extends string>(env: Env, key: string, allowed: readonly T[], notify: Notify): T | (typeof allowed)[0] {
  const text = textFromEnv(env, key)?.toLowerCase();
  const found = allowed.find((value) => value === text);
  const fallback = allowed[0];
  if (fallback === undefined) throw new TypeError('oneOf() needs something to choose from.');
  if (text !== undefined && found === undefined)
    notify(`${key}=${text.slice(0, 40)} is unknown; ${fallback} is used. Allowed: ${allowed.join(', ')}.`);
  return found ?? fallback;
}
