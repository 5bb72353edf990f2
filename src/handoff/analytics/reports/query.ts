import type { Queryable, Statement } from '../../storage/database.js';
import type { RollupKind } from '../../../telemetry/catalogue/analytics.js';
import type { Segment } from '../ranges/segments.js';
import type { Measures } from '../rollups/measure.js';
import { addValues } from '../rollups/stored.js';
import type { StoredValues } from '../rollups/stored.js';

/**
 * Reads the buckets of one dimension in a range, which is several ranges of buckets of one size each. $1 kind, $2 dimension, $3 sizes,
 * $4 starts, $5 ends, $6 whether histograms are wanted.
 */
const readSegments: Statement = {
  name: 'handoff_report_buckets',
  text: `
SELECT b.time_bucket AS at, b.aggregation_data AS data, CASE WHEN $6 THEN b.sketches END AS sketches
FROM unnest($3::text[], $4::timestamptz[], $5::timestamptz[]) AS part (granularity, start, finish), LATERAL (
  SELECT a.time_bucket, a.aggregation_data, a.sketches FROM analytics_aggregations a
  WHERE a.aggregation_type = $1 AND a.granularity = part.granularity AND a.dimension = $2
    AND a.time_bucket >= part.start AND a.time_bucket < part.finish
) AS b`,
};

/** All values of the dimension in one bucket. */
export interface BucketRow extends StoredValues {
  readonly at: Date;
}

/** Which buckets are read. */
export interface Wanted {
  readonly kind: RollupKind;
  /** The dimension '' has everything together, under the value ''. */
  readonly dimension: string;
  readonly segments: readonly Segment[];
  /** The measure whose histogram is wanted: it is most of what a bucket has, and is left where it is unless somebody looks at it. */
  readonly histogramOf?: string | undefined;
}

export async function readBucketsOf(q: Queryable, { kind, dimension, segments, histogramOf }: Wanted): Promise<readonly BucketRow[]> {
  if (segments.length === 0) return [];
  return q.query<BucketRow>(readSegments, [
    kind,
    dimension,
    segments.map(({ granularity }) => granularity),
    segments.map(({ fromMs }) => new Date(fromMs)),
    segments.map(({ toMs }) => new Date(toMs)),
    histogramOf !== undefined,
  ]);
}

/** Adds buckets up by value. */
export function summed(buckets: readonly BucketRow[], histogramOf?: string): Map<string, Measures> {
  const sums = new Map<string, Measures>();
  const measuresOf = (value: string): Measures => {
    const known = sums.get(value);
    if (known !== undefined) return known;
    const made: Measures = new Map();
    sums.set(value, made);
    return made;
  };
  for (const bucket of buckets) addValues(bucket, measuresOf, (measure) => measure === histogramOf);
  return sums;
}
