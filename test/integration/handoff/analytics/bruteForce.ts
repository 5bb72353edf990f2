import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { COUNTED_ROWS, DIMENSIONS_OF_ROW } from './countedRows.js';

/** A line for each bucket, dimension, value and measure: its count, and its sum where it has one. */
export type Lines = readonly string[];

const UNITS = ['minute', 'hour', 'day', 'month'] as const;

/** Adds all rows of all tables up to buckets of every size that are complete. */
export async function bruteForce({ sql }: Pick<HandoffFixture, 'sql'>): Promise<Lines> {
  const parts = UNITS.map(
    (unit) => `
    SELECT r.kind, '${unit}' AS unit, date_trunc('${unit}', r.at, 'UTC') AS bucket, r.measure, d.dimension, d.value, count(*) AS n, round(sum(r.amount)) AS total
    FROM rows r JOIN analytics_watermarks w ON w.kind = r.kind
      AND ((date_trunc('${unit}', r.at, 'UTC') AT TIME ZONE 'UTC') + interval '1 ${unit}') AT TIME ZONE 'UTC' <= w.rolled_up_to, ${DIMENSIONS_OF_ROW}
    GROUP BY 1, 2, 3, 4, 5, 6`,
  );
  return lines(await sql(`WITH rows AS MATERIALIZED (${COUNTED_ROWS}) ${parts.join(' UNION ALL ')}`));
}

/** What the buckets say. Minutes that are no longer kept are missing. */
export async function rolledUp({ sql }: Pick<HandoffFixture, 'sql'>): Promise<Lines> {
  return lines(
    await sql(
      `SELECT aggregation_type AS kind, granularity AS unit, time_bucket AS bucket, m.key AS measure, dimension, dimension_value AS value,
         m.value ->> 'n' AS n, round((m.value ->> 'total')::numeric) AS total
       FROM analytics_buckets, jsonb_each(aggregation_data) m WHERE granularity <> ''`,
    ),
  );
}

interface Row {
  readonly kind: string;
  readonly unit: string;
  readonly bucket: Date;
  readonly measure: string;
  readonly dimension: string;
  readonly value: string;
  readonly n: string;
  readonly total: string | null;
}

function lines(rows: readonly object[]): Lines {
  return (rows as readonly Row[])
    .map((r) => `${r.kind} ${r.unit} ${r.bucket.toISOString()} ${r.dimension}=${r.value} ${r.measure} n=${r.n} total=${r.total ?? ''}`)
    .sort();
}
