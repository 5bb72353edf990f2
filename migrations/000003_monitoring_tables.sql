-- The log tables in the shape an earlier server gave them, where it did not; 000004 to 000011 then partition them.
-- New and earlier databases take the same road, so the conversion of a live database is exercised by every installation.

CREATE TABLE IF NOT EXISTS session_lifecycle (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  session_id uuid NOT NULL,
  event_type varchar(50) NOT NULL,
  event_data jsonb DEFAULT '{}'::jsonb,
  created_at timestamptz DEFAULT now()
);

CREATE TABLE IF NOT EXISTS system_metrics (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  metric_name varchar(100) NOT NULL,
  metric_value numeric NOT NULL,
  metric_type varchar(50) NOT NULL,
  labels jsonb DEFAULT '{}'::jsonb,
  recorded_at timestamptz DEFAULT now()
);

CREATE TABLE IF NOT EXISTS analytics_aggregations (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  aggregation_type varchar(50) NOT NULL,
  time_bucket timestamptz NOT NULL,
  aggregation_data jsonb NOT NULL,
  created_at timestamptz DEFAULT now()
);

-- One row per bucket, so that a roll-up can upsert. The earlier server checked first and inserted then, which doubled
-- buckets now and again: the newest row of each is kept. Aggregates are few (one per type and hour), so the lock is short.
LOCK TABLE analytics_aggregations IN SHARE ROW EXCLUSIVE MODE;
DELETE FROM analytics_aggregations
USING (
  SELECT id, row_number() OVER (PARTITION BY aggregation_type, time_bucket ORDER BY created_at DESC NULLS LAST, id) AS newest_first
  FROM analytics_aggregations
) AS ranked
WHERE analytics_aggregations.id = ranked.id AND ranked.newest_first > 1;
CREATE UNIQUE INDEX IF NOT EXISTS analytics_aggregations_bucket_key ON analytics_aggregations (aggregation_type, time_bucket);
