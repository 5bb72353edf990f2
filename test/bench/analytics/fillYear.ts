import type { PoolClient } from 'pg';
import type { Database } from '../../../src/handoff/storage/database.js';

/** A part of the year that ends now. */
export interface Part {
  /** Days after its beginning. */
  readonly fromDay: number;
  readonly days: number;
}

/** Operations that performance logs tell of, and what is sampled of the process. */
const OPERATIONS = 8;

/** Rows of a few days stand together, as they would where they came day by day. */
const DAYS_AT_ONCE = 4;

/**
 * Writes events spread over a part of the last year by statements of its own: one of twenty opens a session, one of twenty is a
 * handoff, the others are entries. Resolves with how many rows it wrote. Measurements of the same time are written besides: a summary of
 * each operation and a sample of memory, processor and connections every ten minutes.
 */
export async function fillYear({ pool }: Database, events: number, { fromDay, days }: Part): Promise<number> {
  const client = await pool.connect();
  await client.query('SET statement_timeout = 0');
  await client.query('CREATE TABLE IF NOT EXISTS made (id uuid, at timestamptz, agent text)');
  let written = 0;
  for (let day = 0; day < days; day += DAYS_AT_ONCE) {
    const some = Math.min(DAYS_AT_ONCE, days - day);
    written += await fillEvents(client, (events * some) / days, { fromDay: fromDay + day, days: some });
  }
  await fillMeasurements(client, `now() - interval '1 year' + ${fromDay} * interval '1 day'`, days);
  // They are there before anything is rolled up: nothing of them is late.
  await client.query('TRUNCATE analytics_late_rows');
  await client.query('ANALYZE');
  await client.query('RESET statement_timeout');
  client.release();
  return written;
}

async function fillEvents(client: PoolClient, events: number, { fromDay, days }: Part): Promise<number> {
  const sessions = Math.ceil(events / 20);
  const at = `now() - interval '1 year' + (${fromDay} + ${days} * random()) * interval '1 day'`;
  await client.query('TRUNCATE made');
  await client.query(
    `INSERT INTO made SELECT gen_random_uuid(), ${at}, 'agent-' || (random() * 20)::int FROM generate_series(1, $1::int)`,
    [sessions],
  );
  await client.query(
    `INSERT INTO sessions (id, session_key, agent_from, created_at, last_activity_at, expires_at)
     SELECT id, id::text, agent, at, at, now() + interval '1 day' FROM made`,
  );
  await client.query(
    `INSERT INTO handoff_requests (session_id, requesting_agent, target_agent, status, created_at, answered_at)
     SELECT id, agent, 'agent-' || (random() * 20)::int, 'accepted', at, at + random() * interval '1 hour' FROM made`,
  );
  const { rowCount } = await client.query(
    `INSERT INTO context_history (session_id, sequence_number, context_type, content, created_at, content_size_bytes, agent)
     SELECT id, n, (ARRAY['message', 'file', 'tool_call', 'system'])[1 + n % 4], 'x', ${at}, exp(random() * 10)::int, agent
     FROM made, generate_series(1, 18) n`,
  );
  return 2 * sessions + (rowCount ?? 0);
}

async function fillMeasurements(client: PoolClient, from: string, days: number): Promise<void> {
  const ticks = `generate_series(${from}, ${from} + ${days} * interval '1 day' - interval '1 second', interval '10 minutes') AS at`;
  await client.query(
    `INSERT INTO performance_logs (operation, duration_ms, success, created_at)
     SELECT 'handoff.bench.' || n, exp(random() * 6), random() < 0.98, at FROM ${ticks}, generate_series(1, ${OPERATIONS}) n`,
  );
  await client.query(
    `INSERT INTO system_metrics (metric_name, metric_value, metric_type, labels, recorded_at)
     SELECT name, base * (0.5 + random()), 'gauge', '{}', at FROM ${ticks},
       (VALUES ('memory_used_bytes', 500), ('memory_limit_bytes', 1000), ('cpu_used_percent', 35), ('database_connections_used', 6)) AS sample (name, base)`,
  );
}
