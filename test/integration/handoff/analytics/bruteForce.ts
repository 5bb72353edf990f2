import type { HandoffFixture } from '../../../setup/handoffFixture.js';

/** A line for each bucket, dimension, value and measure: its count, and its sum where it has one. */
export type Lines = readonly string[];

const UNITS = ['minute', 'hour', 'day', 'month'] as const;

/** Every row that counts, by plain SQL on the tables, as (kind, at, measure, dimension, value, amount). */
const ROWS = `
  SELECT 'sessions' AS kind, s.created_at AS at, 'opened' AS measure, d.dimension, d.value, NULL::float8 AS amount
  FROM sessions s, LATERAL (VALUES ('', ''), ('agent', s.agent_from), ('retention_policy', s.retention_policy)) AS d (dimension, value)
  UNION ALL
  SELECT 'transitions', l.created_at, x.measure, d.dimension, d.value, x.amount
  FROM session_lifecycle l JOIN sessions s ON s.id = l.session_id,
    LATERAL (VALUES
      (CASE WHEN l.event_type = 'status_changed' THEN l.event_data ->> 'to' ELSE l.event_type END, NULL::float8),
      (CASE WHEN l.event_type IN ('status_changed', 'expired') THEN 'session_us' END,
        round(1000000 * extract(epoch FROM CASE l.event_type WHEN 'expired' THEN s.last_activity_at ELSE l.created_at END - s.created_at))::float8),
      (CASE WHEN l.event_type IN ('status_changed', 'expired') THEN 'session_entries' END, s.last_sequence_number::float8),
      (CASE WHEN l.event_type IN ('status_changed', 'expired') THEN 'session_agents' END, CASE WHEN s.agent_to IS NULL THEN 1 ELSE 2 END)
    ) AS x (measure, amount),
    LATERAL (VALUES ('', ''), ('agent', s.agent_from), ('retention_policy', s.retention_policy)) AS d (dimension, value)
  WHERE x.measure IN ('completed', 'expired', 'dormant', 'archived', 'restored', 'session_us', 'session_entries', 'session_agents')
  UNION ALL
  SELECT 'context', h.created_at, 'content_bytes', d.dimension, d.value, octet_length(h.content)
  FROM context_history h, LATERAL (VALUES ('', ''), ('agent', h.agent), ('context_type', h.context_type)) AS d (dimension, value)
  UNION ALL
  SELECT 'handoffs', x.at, x.measure, d.dimension, d.value, x.amount
  FROM handoff_requests r, LATERAL (SELECT CASE r.status WHEN 'pending' THEN NULL WHEN 'timed_out' THEN r.completed_at ELSE r.answered_at END AS decided) AS t,
    LATERAL (VALUES
      (r.created_at, 'requested', NULL::float8),
      (t.decided, CASE r.status WHEN 'completed' THEN 'accepted' ELSE r.status END, NULL),
      (CASE WHEN r.status <> 'timed_out' THEN t.decided END, 'answer_us', round(1000000 * extract(epoch FROM t.decided - r.created_at))::float8)
    ) AS x (at, measure, amount),
    LATERAL (VALUES ('', ''), ('agent', r.requesting_agent), ('target_agent', r.target_agent), ('request_type', r.request_type),
      ('route', r.requesting_agent || '->' || r.target_agent)) AS d (dimension, value)
  WHERE x.at IS NOT NULL`;

/** Adds all rows of all tables up to buckets of every size that are complete. */
export async function bruteForce({ sql }: Pick<HandoffFixture, 'sql'>, rows: string = ROWS): Promise<Lines> {
  const parts = UNITS.map(
    (unit) => `
    SELECT r.kind, '${unit}' AS unit, date_trunc('${unit}', r.at, 'UTC') AS bucket, r.measure, r.dimension, r.value, count(*) AS n, round(sum(r.amount)) AS total
    FROM rows r JOIN analytics_watermarks w ON w.kind = r.kind
      AND ((date_trunc('${unit}', r.at, 'UTC') AT TIME ZONE 'UTC') + interval '1 ${unit}') AT TIME ZONE 'UTC' <= w.rolled_up_to
    WHERE r.value IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6`,
  );
  return lines(await sql(`WITH rows AS MATERIALIZED (${rows}) ${parts.join(' UNION ALL ')}`));
}

/** What the buckets say. Minutes that are no longer kept are missing. */
export async function rolledUp({ sql }: Pick<HandoffFixture, 'sql'>): Promise<Lines> {
  return lines(
    await sql(
      `SELECT aggregation_type AS kind, granularity AS unit, time_bucket AS bucket, m.key AS measure, dimension, dimension_value AS value,
         m.value ->> 'n' AS n, round((m.value ->> 'total')::numeric) AS total
       FROM analytics_aggregations, jsonb_each(aggregation_data) m WHERE granularity <> ''`,
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
