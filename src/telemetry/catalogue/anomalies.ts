import { ATTR_ERROR_TYPE, ATTR_HANDOFF_ANOMALY_KIND, ATTR_HANDOFF_ANOMALY_SEVERITY } from '../semconv.js';
import type { LogEventDefinition, MetricAttribute, MetricDefinition, OperationDefinition } from './definitions.js';

/** Anomalies that the service finds in its own series. */
export const anomalyOperations = {
  detect: {
    name: 'handoff.anomaly.detect',
    description: 'New buckets of all watched series are compared with the history of their series.',
  },
  list: { name: 'handoff.anomaly.list', description: 'The stored anomalies are read.' },
} as const satisfies Record<string, OperationDefinition>;

/** What is watched. The meaning of a word never changes. */
export const anomalyKinds = [
  'tool_latency',
  'tool_error_rate',
  'tool_calls',
  'handoff_failures',
  'handoff_requests',
  'context_growth',
  'sessions_opened',
  'sessions_active',
  'cache_hit_rate',
  'resource_use',
] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

/** How rare an anomaly is: see docs/analytics.md. From the least to the most. */
export const anomalySeverities = ['low', 'medium', 'high'] as const;
export type AnomalySeverity = (typeof anomalySeverities)[number];

const KIND: MetricAttribute = { key: ATTR_HANDOFF_ANOMALY_KIND, values: anomalyKinds };
const SEVERITY: MetricAttribute = { key: ATTR_HANDOFF_ANOMALY_SEVERITY, values: anomalySeverities };

export const anomalyMetrics = {
  found: {
    name: 'handoff.anomaly.found',
    kind: 'counter',
    unit: '{anomaly}',
    description: 'Anomalies found. Each is counted once, by one process, with the severity that it had at that time.',
    attributes: [KIND, SEVERITY],
    source: 'handoff-otel',
  },
  open: {
    name: 'handoff.anomaly.open',
    kind: 'gauge',
    unit: '{anomaly}',
    description: 'Ongoing anomalies. Every process checks once a minute, and reports the same value.',
    attributes: [KIND, SEVERITY],
    source: 'handoff-otel',
  },
  lag: {
    name: 'handoff.anomaly.lag',
    kind: 'gauge',
    unit: 's',
    description:
      'Time since the end of the oldest bucket that has not been examined yet. Up to ten minutes are normal. Every process checks once a minute, and reports the same value; absent until the first rollup.',
    attributes: [],
    source: 'handoff-otel',
  },
  stateSize: {
    name: 'handoff.anomaly.state.size',
    kind: 'gauge',
    unit: 'By',
    description: 'Size of the stored states of all detectors. Every process reports the same value.',
    attributes: [],
    source: 'handoff-otel',
  },
  duration: {
    name: 'handoff.anomaly.detection.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Duration of one run of the detectors over all series with new buckets.',
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60, 300],
    attributes: [{ key: ATTR_ERROR_TYPE, values: 'Absent on success; otherwise the code or class of the error.' }],
    source: 'handoff-otel',
  },
  judged: {
    name: 'handoff.anomaly.judged',
    kind: 'counter',
    unit: '{bucket}',
    description: 'Five-minute buckets that detectors have examined, by what is watched.',
    attributes: [KIND],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const anomalyEvents = {
  began: {
    name: 'handoff.anomaly.began',
    level: 'warn',
    description:
      'An anomaly was detected: one record for each episode, from one of the servers. It says what is unusual, since when, how far it is from the expected value, and which traces show it.',
  },
  ended: {
    name: 'handoff.anomaly.ended',
    level: 'info',
    description:
      'An anomaly is over. `cause` is `recovered`; `no_rows` where nothing was measured for a day; `restarted` where its detector began anew; `not_watched` where its series is no longer watched.',
  },
  restarted: {
    name: 'handoff.anomaly.restarted',
    level: 'warn',
    description:
      'The state of a detector is damaged, from another release, or from the future (the clock of the database was ahead). The detector starts again and learns its series from the buckets of the last eight days.',
  },
} as const satisfies Record<string, LogEventDefinition>;
