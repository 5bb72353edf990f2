import type { RollupKind } from '../../../../telemetry/catalogue/analytics.js';
import type { Statement } from '../../../storage/database.js';

/**
 * Adds the minutes of a series up to buckets of five minutes. $1 kind, $2 dimension, $3 its values, $4 start, $5 end, $6 measures.
 */
export const readSeries: Statement = {
  name: 'handoff_read_anomaly_series',
  text: `
SELECT date_bin('5 minutes', a.time_bucket, 'epoch'::timestamptz) AS at, m.measure, sum((a.aggregation_data -> m.measure ->> 'n')::float8) AS n,
  COALESCE(sum((a.aggregation_data -> m.measure ->> 'total')::float8), 0) AS total
FROM analytics_buckets a, unnest($6::text[]) AS m (measure)
WHERE a.aggregation_type = $1 AND a.granularity = 'minute' AND a.dimension = $2 AND a.dimension_value = ANY ($3::text[])
  AND a.time_bucket >= $4 AND a.time_bucket < $5 AND a.aggregation_data ? m.measure
GROUP BY 1, 2
ORDER BY 1`,
};

export interface SeriesRow {
  readonly at: Date;
  readonly measure: string;
  readonly n: number;
  readonly total: number;
}

/** The first minute in which a series has any row; NULL without any. $1 kind, $2 dimension, $3 its values, $4 measures. */
export const firstOfSeries: Statement = {
  name: 'handoff_first_of_anomaly_series',
  text: `
SELECT min(time_bucket) AS at FROM analytics_buckets
WHERE aggregation_type = $1 AND granularity = 'minute' AND dimension = $2 AND dimension_value = ANY ($3::text[]) AND aggregation_data ?| $4::text[]`,
};

/** Operations of the last week, those with most calls first. */
export const rankOperations: Statement = {
  name: 'handoff_rank_operations',
  text: `
SELECT dimension_value AS operation
FROM analytics_buckets
WHERE aggregation_type = 'performance' AND granularity = 'hour' AND dimension = 'operation' AND time_bucket >= now() - interval '7 days'
GROUP BY 1
ORDER BY sum((aggregation_data -> 'duration_us' ->> 'n')::float8) DESC NULLS LAST, 1
LIMIT 100`,
};

/**
 * Until when the buckets of each kind stay as they are, as far as is known: two minutes behind its watermark, for what was measured while
 * the database was away comes a little later, and before any row that came late and is not yet counted. After an hour nothing waits for
 * late rows.
 */
export const readSettled: Statement = {
  name: 'handoff_read_settled_buckets',
  text: `
SELECT w.kind, w.rolled_up_to, LEAST(w.rolled_up_to - interval '2 minutes', (
    SELECT min(l.at) FROM analytics_late_rows l
    WHERE l.kind = w.kind AND l.at >= w.rolled_up_to - interval '1 hour' AND l.at < w.rolled_up_to)) AS settled
FROM analytics_watermarks w`,
};

export interface SettledRow {
  readonly kind: RollupKind;
  readonly rolled_up_to: Date;
  readonly settled: Date;
}

/**
 * Slow or failed calls of some operations that have a trace, the longest first. $1 operations, $2 kind of row, $3 start, $4 end, $5
 * maximum.
 */
export const readTraces: Statement = {
  name: 'handoff_read_anomaly_traces',
  text: `
SELECT metadata ->> 'traceparent' AS traceparent
FROM performance_logs
WHERE operation = ANY ($1::text[]) AND created_at >= $3 AND created_at < $4 AND metadata ->> 'kind' = $2 AND metadata ? 'traceparent'
ORDER BY duration_ms DESC
LIMIT $5::int`,
};
