import type { Queryable, Statement } from '../../storage/database.js';
import type { RollupKind } from '../../../telemetry/catalogue/analytics.js';
import type { Segment } from '../ranges/segments.js';
import { addMeasures, readMeasures } from '../rollups/measure.js';
import type { Measure, Measures, StoredMeasures } from '../rollups/measure.js';

/**
 * Reads the buckets of one dimension in a range, which is several ranges of buckets of one size each. $1 kind, $2 dimension, $3 sizes,
 * $4 starts, $5 ends.
 */
const readSegments: Statement = {
  name: 'handoff_report_buckets',
  text: `
SELECT b.dimension_value AS value, b.time_bucket AS at, b.aggregation_data AS data
FROM unnest($3::text[], $4::timestamptz[], $5::timestamptz[]) AS part (granularity, start, finish), LATERAL (
  SELECT a.dimension_value, a.time_bucket, a.aggregation_data FROM analytics_aggregations a
  WHERE a.aggregation_type = $1 AND a.granularity = part.granularity AND a.dimension = $2
    AND a.time_bucket >= part.start AND a.time_bucket < part.finish
) AS b`,
};

interface SegmentRow {
  readonly value: string;
  readonly at: Date;
  readonly data: StoredMeasures;
}

/** A bucket as it is read: of one value of a dimension, or of everything. */
export interface ReadBucket {
  readonly value: string;
  readonly atMs: number;
  readonly measures: Measures;
}

/** Reads the buckets of one dimension; the dimension '' has everything together, under the value ''. */
export async function readBucketsOf(
  q: Queryable,
  kind: RollupKind,
  dimension: string,
  segments: readonly Segment[],
): Promise<readonly ReadBucket[]> {
  if (segments.length === 0) return [];
  const rows = await q.query<SegmentRow>(readSegments, [
    kind,
    dimension,
    segments.map(({ granularity }) => granularity),
    segments.map(({ fromMs }) => new Date(fromMs)),
    segments.map(({ toMs }) => new Date(toMs)),
  ]);
  return rows.map(({ value, at, data }) => ({ value, atMs: at.getTime(), measures: readMeasures(data) }));
}

/** Adds buckets up by a key, in the order of its first appearance. */
export function summed<Key>(buckets: readonly ReadBucket[], keyOf: (bucket: ReadBucket) => Key): Map<Key, Measures> {
  const sums = new Map<Key, Measures>();
  for (const bucket of buckets) {
    const key = keyOf(bucket);
    let sum = sums.get(key);
    if (sum === undefined) sums.set(key, (sum = new Map<string, Measure>()));
    addMeasures(sum, bucket.measures);
  }
  return sums;
}
