import { ATTR_ERROR_TYPE, ATTR_HANDOFF_ANALYTICS_REPORT, ATTR_HANDOFF_RECOMMENDATION_CODE, ATTR_HANDOFF_ROLLUP_KIND } from '../semconv.js';
import type { MetricAttribute, MetricDefinition, OperationDefinition } from './definitions.js';

/** What is counted in buckets of time, and kept after its rows have gone. */
export const analyticsOperations = {
  rollUp: { name: 'handoff.analytics.roll_up', description: 'New rows are added to the buckets of minutes, hours, days and months.' },
  prune: { name: 'handoff.analytics.prune', description: 'Buckets of minutes and hours whose retention has passed are deleted.' },
  backfill: {
    name: 'handoff.analytics.backfill',
    description: 'Sessions that were archived before rollups existed are read from the archive and added to the buckets.',
  },
  rebuild: { name: 'handoff.analytics.rebuild', description: 'The buckets of a time range are computed again.' },
  report: {
    name: 'handoff.analytics.report',
    description: 'A report on a time range is made from the rollups (tool `get_analytics`, resource `handoff://analytics/{type}`).',
  },
  recommend: {
    name: 'handoff.analytics.recommend',
    description: 'Recommendations are made: facts are gathered, and rules are applied to them.',
  },
} as const satisfies Record<string, OperationDefinition>;

/** Kinds of rollups. The meaning of a word never changes. */
export const rollupKinds = ['sessions', 'transitions', 'handoffs', 'context', 'performance', 'resources'] as const;
export type RollupKind = (typeof rollupKinds)[number];

/** Reports of the analytics service. */
export const reportNames = ['sessions', 'handoffs', 'context', 'performance', 'resources'] as const;
export type ReportName = (typeof reportNames)[number];

/** What is recommended. The meaning of a word never changes. */
export const recommendationCodes = [
  'storage_near_limit',
  'index_missing',
  'index_invalid',
  'statement_slow',
  'statement_spills',
  'dead_rows',
  'pool_saturated',
  'cache_too_small',
  'handoffs_time_out',
  'handoffs_rejected',
  'handoffs_circle',
  'sessions_stay_dormant',
  'sessions_wake_often',
  'alert_too_tight',
  'alert_too_loose',
] as const;
export type RecommendationCode = (typeof recommendationCodes)[number];

const KIND: MetricAttribute = { key: ATTR_HANDOFF_ROLLUP_KIND, values: rollupKinds };
const ERROR_TYPE: MetricAttribute = { key: ATTR_ERROR_TYPE, values: 'Absent on success; otherwise the code or class of the error.' };

export const analyticsMetrics = {
  duration: {
    name: 'handoff.rollup.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of one run of the rollup of one kind, with all its transactions.',
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300],
    attributes: [KIND, ERROR_TYPE],
    source: 'handoff-otel',
  },
  rows: {
    name: 'handoff.rollup.rows',
    kind: 'counter',
    unit: '{row}',
    description: 'Rows that rollups have read: groups of source rows with the same labels in one minute.',
    attributes: [KIND],
    source: 'handoff-otel',
  },
  lateRows: {
    name: 'handoff.rollup.late_rows',
    kind: 'counter',
    unit: '{row}',
    description: 'Rows that arrived, changed or were erased after their bucket was computed, so that it was computed again.',
    attributes: [KIND],
    source: 'handoff-otel',
  },
  lag: {
    name: 'handoff.rollup.lag',
    kind: 'gauge',
    unit: 's',
    description:
      'How far the rollup of one kind is behind. One to two minutes are normal; it grows while a transaction stays open. Every process checks once a minute, and reports the same value.',
    attributes: [KIND],
    source: 'handoff-otel',
  },
  queryDuration: {
    name: 'handoff.analytics.query.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of making one report of the analytics service.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    attributes: [{ key: ATTR_HANDOFF_ANALYTICS_REPORT, values: reportNames }, ERROR_TYPE],
    source: 'handoff-otel',
  },
  recommendations: {
    name: 'handoff.analytics.recommendations',
    kind: 'counter',
    unit: '{recommendation}',
    description: 'Recommendations returned, by rule. A problem is counted each time somebody asks for recommendations.',
    attributes: [{ key: ATTR_HANDOFF_RECOMMENDATION_CODE, values: recommendationCodes }],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;
