-- handoff:no-transaction
-- The new key holds for rows of an earlier server too, and this one would allow one dimension only.
DROP INDEX CONCURRENTLY IF EXISTS analytics_aggregations_bucket_key;
