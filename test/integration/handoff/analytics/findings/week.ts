import type { HandoffFixture } from '../../../../setup/handoffFixture.js';

/** The tools of the week, which are called all day and night. */
export const TOOLS = ['handoff.context.append', 'handoff.session.register'] as const;

export const BUCKET_MS = 300_000;
const DAYS = 7;

/** Where the week ends: at midnight, so that the same seed makes the same week at any time of the day. */
export function lastBucket(): Date {
  const DAY_MS = 86_400_000;
  return new Date(Math.floor((Date.now() - 4 * BUCKET_MS) / DAY_MS) * DAY_MS);
}

export function before(end: Date, buckets: number): Date {
  return new Date(end.getTime() - buckets * BUCKET_MS);
}

/**
 * Writes a week of what a server measures and what agents do, in which nothing is wrong: calls with their failures, samples, sessions,
 * entries and handoffs, more by day than by night, with noise that is the same for the same seed.
 */
export async function writeWeek({ sql }: Pick<HandoffFixture, 'sql'>, end: Date, seed = 0.3): Promise<void> {
  await sql('SELECT setseed($1)', [seed]);
  await sql(`CREATE TABLE week (at timestamptz, calls int)`);
  await sql(
    `INSERT INTO week SELECT at, 60 + round(30 * sin(2 * pi() * extract(epoch FROM at) / 86400) + 8 * random())
     FROM generate_series($1::timestamptz - interval '${DAYS} days', $1::timestamptz, interval '5 minutes') at`,
    [end],
  );
  await sql(
    `INSERT INTO performance_logs (operation, duration_ms, success, metadata, created_at)
     SELECT operation, mean, true, jsonb_build_object('kind', 'summary', 'subject', 'operation', 'count', calls, 'failures', failed,
       'sumMs', mean * calls, 'minMs', mean / 2, 'maxMs', mean * 2), at + interval '1 minute'
     FROM week, unnest($1::text[]) operation, LATERAL (SELECT 20 + 4 * random() AS mean, (random() * 2)::int AS failed WHERE operation || at IS NOT NULL) m`,
    [TOOLS],
  );
  await sql(
    `INSERT INTO system_metrics (metric_name, metric_value, metric_type, recorded_at)
     SELECT metric, base * (0.95 + 0.1 * random()), 'gauge', at + interval '1 minute'
     FROM week, (VALUES ('memory_used_bytes', 2e8), ('cpu_used_percent', 20)) m (metric, base)`,
  );
  await sql(
    `INSERT INTO sessions (id, session_key, agent_from, status, created_at, last_activity_at, expires_at)
     SELECT id, id::text, 'agent-' || (floor(random() * 3))::int, 'active', at + interval '2 minutes', at + interval '2 minutes', now() + interval '1 day'
     FROM week, LATERAL (SELECT gen_random_uuid() AS id FROM generate_series(1, calls / 20)) s`,
  );
  await sql(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content, metadata, created_at, content_size_bytes)
     SELECT id, 1, 'message', 'of no interest', '{}', created_at, 4000 + (500 * random())::int FROM sessions`,
  );
  await sql(
    `INSERT INTO handoff_requests (session_id, requesting_agent, target_agent, request_type, status, created_at, answered_at, completed_at)
     SELECT id, agent_from, 'agent-x', 'context_transfer', 'accepted', created_at, created_at + interval '10 seconds', created_at + interval '10 seconds'
     FROM sessions WHERE random() < 0.4`,
  );
}

/** Changes what was measured of a tool, from one bucket on until before another: its calls, their failures, and how long they take. */
export async function spoil(
  { sql }: Pick<HandoffFixture, 'sql'>,
  tool: string,
  [from, to]: readonly [Date, Date],
  factors: { readonly count?: number; readonly failures?: number; readonly sumMs?: number },
): Promise<void> {
  for (const [key, factor] of Object.entries(factors)) {
    await sql(
      `UPDATE performance_logs SET metadata = jsonb_set(metadata, ARRAY[$4::text], to_jsonb((metadata ->> $4::text)::float8 * $5::float8 + 0.0))
       WHERE operation = $1 AND created_at >= $2 AND created_at < $3`,
      [tool, from, to, key, factor],
    );
  }
}

/** Makes it as if everything before a bucket was rolled up and settled, and nothing after it. */
export async function goTo({ sql }: Pick<HandoffFixture, 'sql'>, bucket: Date): Promise<void> {
  await sql("UPDATE analytics_watermarks SET rolled_up_to = $1::timestamptz + interval '2 minutes'", [bucket]);
}

/** What was found, as far as it says what happened: the unusual rows of other series, by chance, are left to the reader. */
export async function found({ sql }: Pick<HandoffFixture, 'sql'>): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return sql('SELECT * FROM analytics_anomalies ORDER BY kind, subject, detected_at');
}

/** Writes minutes as rollups do, of any kind and value, and makes it as if nothing after them was rolled up. */
export async function writeMinutes(
  { sql }: Pick<HandoffFixture, 'sql'>,
  series: { readonly kind: string; readonly dimension: string; readonly value: string; readonly from: Date; readonly to: Date },
  data: object,
): Promise<void> {
  const { kind, dimension, value, from, to } = series;
  await sql(
    `INSERT INTO analytics_aggregations AS a (aggregation_type, granularity, dimension, time_bucket, aggregation_data)
     SELECT $1, granularity, $2, at, jsonb_build_object($3::text, $4::jsonb) FROM (VALUES ('minute', interval '5 minutes'), ('hour', interval '1 hour')) g (granularity, step),
       LATERAL generate_series(date_trunc('hour', $5::timestamptz), $6::timestamptz, step) at
     ON CONFLICT (aggregation_type, granularity, dimension, time_bucket, dimension_value)
     DO UPDATE SET aggregation_data = a.aggregation_data || EXCLUDED.aggregation_data`,
    [kind, dimension, value, data, from, to],
  );
  await sql('INSERT INTO analytics_watermarks (kind, rolled_up_to) VALUES ($1, $2) ON CONFLICT DO NOTHING', [kind, to]);
  await goTo({ sql }, to);
}
