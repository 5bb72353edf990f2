import type { Statement } from '../../../storage/database.js';
import type { StoredValues } from '../stored.js';

/** Deletes the buckets of a range, which are about to be made again. $1 kind, $2 granularity, $3 start, $4 end. */
export const deleteBuckets: Statement = {
  name: 'handoff_delete_buckets',
  text: `
DELETE FROM analytics_aggregations
WHERE aggregation_type = $1 AND granularity = $2 AND time_bucket >= $3 AND time_bucket < $4`,
};

/** $1 kind, $2 granularity, $3 buckets as a JSON array. */
export const writeBuckets: Statement = {
  name: 'handoff_write_buckets',
  text: `
INSERT INTO analytics_aggregations (aggregation_type, granularity, dimension, time_bucket, aggregation_data, sketches)
SELECT $1, $2, b.dimension, to_timestamp(b.at / 1000), b.data, NULLIF(b.sketches, 'null')
FROM jsonb_to_recordset($3::jsonb) AS b (dimension text, at float8, data jsonb, sketches jsonb)
ON CONFLICT (aggregation_type, granularity, dimension, time_bucket, dimension_value)
DO UPDATE SET aggregation_data = EXCLUDED.aggregation_data, sketches = EXCLUDED.sketches, created_at = now()`,
};

/** Reads the buckets of two ranges. $1 kind, $2 granularity, $3 and $4 start and end of the one, $5 and $6 of the other. */
export const readBuckets: Statement = {
  name: 'handoff_read_buckets',
  text: `
SELECT dimension, time_bucket AS at, aggregation_data AS data, sketches
FROM analytics_aggregations
WHERE aggregation_type = $1 AND granularity = $2 AND (time_bucket >= $3 AND time_bucket < $4 OR time_bucket >= $5 AND time_bucket < $6)`,
};

export interface BucketRow extends StoredValues {
  readonly dimension: string;
  readonly at: Date;
}
