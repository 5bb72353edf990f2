-- handoff:no-transaction
-- One row for each kind, bucket and value of a dimension. The order of the columns is that in which reports read a range.
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS analytics_aggregations_key
  ON analytics_aggregations (aggregation_type, granularity, dimension, time_bucket, dimension_value);
