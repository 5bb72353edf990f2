-- A row of analytics_aggregations has all values of a dimension in one bucket of time, because most of what a row of its own for each value
-- took was not figures: a report of a year read thousands of rows. aggregation_data has the measures by value (the value '' is everything),
-- and dimension_value is ''. Histograms stand beside the figures, packed by the program: they are far larger, and reports look at few of them.
--
-- Rows by value were written by no release: what is rolled up begins anew from the rows that are there. The rows of an earlier server
-- (granularity '') stay as they are.
ALTER TABLE analytics_aggregations ADD COLUMN IF NOT EXISTS sketches jsonb;
DELETE FROM analytics_aggregations WHERE granularity <> '';
DELETE FROM analytics_watermarks;
DELETE FROM analytics_detectors;

-- Buckets with a row for each value, for boards and people.
CREATE VIEW analytics_buckets AS
  SELECT a.aggregation_type, a.granularity, a.dimension, a.time_bucket, v.key AS dimension_value, v.value AS aggregation_data
  FROM analytics_aggregations a, jsonb_each(a.aggregation_data) v
  WHERE a.granularity <> '';
