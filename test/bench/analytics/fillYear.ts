import type { Database } from '../../../src/handoff/storage/database.js';

/**
 * Writes events spread over some days of the last year by statements of its own: one of twenty opens a session, one of twenty is a
 * handoff, the others are entries. Resolves with how many rows it wrote.
 */
export async function fillYear({ pool }: Database, events: number, fromDay: number, days: number): Promise<number> {
  const client = await pool.connect();
  await client.query('SET statement_timeout = 0');
  const sessions = Math.ceil(events / 20);
  const at = `now() - interval '1 year' + (${fromDay} + ${days} * random()) * interval '1 day'`;
  await client.query('CREATE TABLE IF NOT EXISTS made (id uuid, at timestamptz, agent text)');
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
  // They are there before anything is rolled up: nothing of them is late.
  await client.query('TRUNCATE analytics_late_rows');
  await client.query('RESET statement_timeout');
  client.release();
  return 2 * sessions + (rowCount ?? 0);
}
