import { COUNTED_ROWS, DIMENSIONS_OF_ROW } from '../integration/handoff/analytics/countedRows.js';
import type { Sql } from './sql.js';

/** Calls and samples as rows that count: see `COUNTED_ROWS`. What was summed up counts by what it was made of. */
const MEASURED_ROWS = `
  SELECT 'performance', at, x.measure, jsonb_build_object('subject', subject, subject, name), x.amount, 1::bigint
  FROM (
    SELECT created_at AS at, 'operation' AS subject, operation AS name, round(duration_ms * 1000)::float8 AS micros, success
    FROM performance_logs WHERE metadata = '{}'
    UNION ALL SELECT * FROM summed_calls
  ) AS call, LATERAL (VALUES ('duration_us', micros), ('failures', NULL)) AS x (measure, amount)
  WHERE x.measure = 'duration_us' OR NOT success
  UNION ALL
  SELECT 'performance', at, x.measure, jsonb_build_object('subject', 'cache', 'cache', name), NULL, x.n
  FROM summed_reads, LATERAL (VALUES ('hits', hits), ('misses', misses)) AS x (measure, n) WHERE x.n > 0
  UNION ALL
  SELECT 'resources', recorded_at, 'value', jsonb_build_object('metric', metric_name || CASE WHEN labels ? 'state' THEN ':' || (labels ->> 'state') ELSE '' END),
    metric_value::float8, 1
  FROM system_metrics`;

/** The place of a value in a histogram of two digits: the eight highest bits of a whole number, and how many bits there are below them. */
const SLOT = `CASE WHEN r.amount IS NULL OR r.kind = 'resources' THEN NULL ELSE
  128 * GREATEST(0, length(ltrim(round(r.amount)::bigint::bit(64)::text, '0')) - 8)
  + (round(r.amount)::bigint >> GREATEST(0, length(ltrim(round(r.amount)::bigint::bit(64)::text, '0')) - 8)) END`;

/** Makes the table `counted`, which has every row that counts, as (kind, at, measure, labels, amount, n, slot). */
export async function countAll({ sql }: Sql): Promise<void> {
  const rows = `SELECT c.*, 1::bigint AS n FROM (${COUNTED_ROWS}) AS c UNION ALL ${MEASURED_ROWS}`;
  // Each row counts in four sizes of buckets and in several dimensions, at the same place.
  await sql(`CREATE TABLE counted AS SELECT r.*, ${SLOT} AS slot FROM (${rows}) AS r`);
  await sql('CREATE INDEX ON counted (kind, at)');
  await sql('ANALYZE counted');
}

const BUCKET = 'kind, unit, bucket, dimension, value, measure';
const EACH = ['n', 'low', 'high', 'sketch'];

/** Values are whole or eighths, but for the last digits where milliseconds were made of microseconds. */
const exact = (value: string): string => `round((8 * (${value}))::numeric) / 8`;

/** Adds up all buckets of a size that are complete and kept. */
function bucketsByHand(unit: string): string {
  const kept = { minute: 8, hour: 400 }[unit];
  return `
    SELECT kind, '${unit}' AS unit, bucket, dimension, value, measure, sum(n) AS n, sum(total) AS total, ${exact('min(low)')} AS low,
      ${exact('max(high)')} AS high, '[' || string_agg(slot || ', ' || n, ', ' ORDER BY slot) || ']' AS sketch
    FROM (
      SELECT r.kind, date_trunc('${unit}', r.at, 'UTC') AS bucket, d.dimension, d.value, r.measure, r.slot, sum(r.n) AS n, sum(r.amount) AS total,
        min(r.amount) AS low, max(r.amount) AS high
      FROM counted r JOIN analytics_watermarks w ON w.kind = r.kind
        AND date_trunc('${unit}', r.at, 'UTC') + interval '1 ${unit}' <= w.rolled_up_to, ${DIMENSIONS_OF_ROW}
      WHERE (d.dimension <> '' OR r.kind NOT IN ('performance', 'resources'))
        ${kept === undefined ? '' : `AND r.at >= date_trunc('day', now() - interval '1 minute' - interval '${kept} days', 'UTC')`}
      GROUP BY 1, 2, 3, 4, 5, 6
    ) AS slots
    GROUP BY 1, 2, 3, 4, 5, 6`;
}

const BUCKETS = `
  SELECT aggregation_type::text AS kind, granularity::text AS unit, time_bucket AS bucket, dimension::text, b.key AS value, m.key AS measure,
    (m.value ->> 'n')::numeric AS n, (m.value ->> 'total')::float8 AS total, ${exact("(m.value ->> 'low')::float8")} AS low,
    ${exact("(m.value ->> 'high')::float8")} AS high, pg_temp.unpacked(sketches -> b.key ->> m.key) AS sketch
  FROM (
    SELECT a.*, v.key, v.value FROM analytics_aggregations a, jsonb_each(aggregation_data) v WHERE granularity <> ''
  ) AS b, jsonb_each(value) m`;

/** Reads a packed histogram as text, slots and counts in turn: pairs of varints, the first being the distance from the slot before. */
const UNPACKED = `
  CREATE FUNCTION pg_temp.unpacked(packed text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
  DECLARE
    bytes bytea := decode(packed, 'base64');
    pairs text[] := '{}';
    slot bigint := 0;
    number bigint := 0;
    bits integer := 0;
    is_count boolean := false;
  BEGIN
    FOR at IN 0 .. octet_length(bytes) - 1 LOOP
      -- Both operators bind alike, from the left.
      number := number | ((get_byte(bytes, at) & 127)::bigint << bits);
      bits := bits + 7;
      CONTINUE WHEN get_byte(bytes, at) >= 128;
      IF is_count THEN pairs := pairs || (slot || ', ' || number); ELSE slot := slot + number; END IF;
      is_count := NOT is_count;
      number := 0;
      bits := 0;
    END LOOP;
    RETURN '[' || array_to_string(pairs, ', ') || ']';
  END $$`;

export interface Difference {
  /** Measures of buckets, as many as were compared. */
  readonly compared: number;
  /** Of each size. */
  readonly buckets: Readonly<Record<string, number>>;
  readonly onlyCounted: readonly object[];
  readonly onlyStored: readonly object[];
  readonly unequal: readonly object[];
  /** Buckets whose totals differ by more than the order of additions explains: many are larger than what a double holds to the unit. */
  readonly otherTotal: readonly object[];
}

/** Compares all buckets with what plain SQL on the rows comes to; resolves with up to ten differences of each kind. */
export async function compareBuckets({ sql }: Sql): Promise<Difference> {
  await sql(`CREATE TEMPORARY TABLE by_hand AS ${['minute', 'hour', 'day', 'month'].map(bucketsByHand).join(' UNION ALL ')}`);
  await sql(UNPACKED);
  await sql(`CREATE TEMPORARY TABLE stored AS ${BUCKETS}`);
  const units = await sql<{ unit: string; n: number }>('SELECT unit, count(*)::int AS n FROM stored GROUP BY 1');
  await sql(`CREATE TEMPORARY TABLE different AS SELECT ${BUCKET}, ${EACH.map((name) => `h.${name} AS ${name}_by_hand, s.${name} AS ${name}_stored`).join()}
    FROM by_hand h FULL JOIN stored s USING (${BUCKET})
    WHERE (${EACH.map((name) => `h.${name}`).join()}) IS DISTINCT FROM (${EACH.map((name) => `s.${name}`).join()})`);
  const some = (condition: string): Promise<object[]> => sql(`SELECT * FROM different WHERE ${condition} ORDER BY ${BUCKET} LIMIT 10`);
  return {
    compared: units.reduce((sum, { n }) => sum + n, 0),
    buckets: Object.fromEntries(units.map(({ unit, n }) => [unit, n])),
    onlyCounted: await some('n_stored IS NULL'),
    onlyStored: await some('n_by_hand IS NULL'),
    unequal: await some('n_stored IS NOT NULL AND n_by_hand IS NOT NULL'),
    otherTotal: await sql(
      `SELECT ${BUCKET}, h.total AS by_hand, s.total AS stored FROM by_hand h JOIN stored s USING (${BUCKET})
       WHERE (h.total IS NULL) <> (s.total IS NULL) OR abs(h.total - s.total) > 1e-12 * abs(h.total) LIMIT 10`,
    ),
  };
}
