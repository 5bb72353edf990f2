import type { Statement } from '../../../storage/database.js';

/** Deletes old buckets of one size. $1 granularity, $2 time, $3 maximum number of rows. */
export const pruneBuckets: Statement = {
  name: 'handoff_prune_buckets',
  text: `
WITH gone AS (
  DELETE FROM analytics_aggregations WHERE ctid = ANY (ARRAY(
    SELECT b.ctid FROM (SELECT DISTINCT kind FROM analytics_watermarks) AS w, LATERAL (
      SELECT a.ctid FROM analytics_aggregations a
      WHERE a.aggregation_type = w.kind AND a.granularity = $1 AND a.time_bucket < $2 LIMIT $3::int
    ) AS b
    LIMIT $3::int))
  RETURNING 1
)
SELECT count(*)::int AS rows FROM gone`,
};

/**
 * Adds up facts of deleted sessions to hours or days. Kinds that are still behind are left alone: they want the minutes.
 *
 * $1 unit of time, $2 time before which facts are added up, $3 maximum number of rows.
 */
export const compactFacts: Statement = {
  name: 'handoff_compact_facts',
  text: `
WITH gone AS (
  DELETE FROM analytics_facts WHERE ctid = ANY (ARRAY(
    SELECT f.ctid FROM analytics_facts f JOIN analytics_watermarks w ON w.kind = f.kind AND w.rolled_up_to >= $2
    WHERE f.session_id IS NULL AND f.at < $2 AND f.at <> date_trunc($1, f.at, 'UTC')
    LIMIT $3::int
    FOR UPDATE OF f SKIP LOCKED))
  RETURNING *
), merged AS (
  INSERT INTO analytics_facts (kind, at, measure, labels, slot, n, total, low, high)
  SELECT kind, date_trunc($1, at, 'UTC'), measure, labels, slot, sum(n), sum(total), min(low), max(high)
  FROM gone
  GROUP BY 1, 2, 3, 4, 5
)
SELECT count(*)::int AS rows FROM gone`,
};
